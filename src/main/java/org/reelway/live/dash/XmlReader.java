package org.reelway.live.dash;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.reelway.failure.InputFailure;

/**
 * Reads XML so that the place of each element and attribute is known. No DTD, no entity but XML's own five and numbers:
 * nothing is ever fetched or multiplied. Elements deeper than {@value #DEEPEST} are refused.
 */
final class XmlReader {
  private static final int DEEPEST = 64;

  private final String text;
  private final int most;
  private int at;
  private int elements;

  private XmlReader(String text, int most) {
    this.text = text;
    this.most = most;
  }

  /** The bytes, one character each. */
  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /**
   * @param text as {@link #text(byte[])} gives it
   * @param most elements that are taken
   * @throws InputFailure when it is no whole XML in UTF-8, or has a DTD
   */
  static XmlElement read(String text, int most) {
    XmlReader reader = new XmlReader(text, most);
    if (text.indexOf('\0') >= 0) {
      throw reader.wrong("has zero bytes: it must be UTF-8");
    }
    reader.at = text.startsWith("\u00ef\u00bb\u00bf") ? 3 : 0;
    reader.readDeclaration();
    reader.skipBetween();
    if (!reader.looking("<")) {
      throw reader.wrong("does not begin with an element: it is no XML");
    }
    XmlElement root = reader.element(null, 0);
    reader.skipBetween();
    if (reader.at < text.length()) {
      throw reader.wrong("goes on behind its end");
    }
    return root;
  }

  private InputFailure wrong(String what) {
    int line = (int) text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count() + 1;
    return new InputFailure("the manifest " + what + " (line " + line + ")");
  }

  private boolean looking(String token) {
    return text.startsWith(token, at);
  }

  private void readDeclaration() {
    if (!looking("<?xml")) {
      return;
    }
    String declaration = text.substring(at, behind("?>"));
    int encoding = declaration.indexOf("encoding");
    if (encoding >= 0) {
      String value = declaration.substring(encoding + 8).replaceAll("[\\s=\"'?>]", "").toLowerCase(Locale.ROOT);
      if (!value.startsWith("utf-8") && !value.startsWith("us-ascii")) {
        throw wrong("is not in UTF-8");
      }
    }
    at = behind("?>");
  }

  private int behind(String token) {
    int found = text.indexOf(token, at);
    if (found < 0) {
      throw wrong("ends in the middle");
    }
    return found + token.length();
  }

  private void skipSpace() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  /** Space, comments and instructions outside of the root. */
  private void skipBetween() {
    for (skipSpace(); at < text.length() && skipAside(); skipSpace()) {
      // Goes on behind it.
    }
  }

  /** @return whether there was a comment, an instruction or a CDATA section */
  private boolean skipAside() {
    if (looking("<!--")) {
      at = behind("-->");
    } else if (looking("<?")) {
      at = behind("?>");
    } else if (looking("<![CDATA[")) {
      at = behind("]]>");
    } else if (looking("<!")) {
      throw wrong("has a DTD, which is never taken");
    } else {
      return false;
    }
    return true;
  }

  private XmlElement element(XmlElement parent, int depth) {
    if (depth > DEEPEST || ++elements > most) {
      throw wrong(
          "has " + (depth > DEEPEST ? "elements " + DEEPEST + " deep" : "more than " + most + " elements")
              + ", more than is taken with this heap: let the media server keep fewer chunks in it");
    }
    int start = at++;
    XmlElement element = new XmlElement(text, parent, name(), start);
    boolean empty = attributes(element);
    element.opened(at);
    if (!empty) {
      content(element, depth);
    }
    return element;
  }

  private String name() {
    int from = at;
    while (at < text.length() && !isSpace(text.charAt(at)) && "/>=<\"'&".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    if (at == from || at == text.length()) {
      throw wrong(at == from ? "has a tag or attribute without a name" : "ends in the middle");
    }
    return text.substring(from, at);
  }

  /** @return whether the element is one tag */
  private boolean attributes(XmlElement element) {
    while (true) {
      int space = at;
      skipSpace();
      if (looking("/>")) {
        at += 2;
        return true;
      }
      if (looking(">")) {
        at++;
        return false;
      }
      element.add(attribute(space));
    }
  }

  private XmlElement.Attribute attribute(int space) {
    String name = name();
    skipSpace();
    if (!looking("=")) {
      throw wrong("has the attribute " + name + " without a value");
    }
    at++;
    skipSpace();
    if (!looking("\"") && !looking("'")) {
      throw wrong("has the attribute " + name + " without quotes");
    }
    String quote = text.substring(at, at + 1);
    int from = ++at;
    at = behind(quote);
    if (text.substring(from, at).indexOf('<') >= 0) {
      throw wrong("has a < in the attribute " + name);
    }
    return new XmlElement.Attribute(name, space, from, at - 1);
  }

  private void content(XmlElement element, int depth) {
    while (true) {
      at = behind("<") - 1;
      if (looking("</")) {
        int from = at;
        at += 2;
        if (!name().equals(element.qualifiedName())) {
          throw wrong("closes another element than " + element.qualifiedName());
        }
        at = behind(">");
        element.closed(from, at);
        return;
      }
      if (!skipAside()) {
        element.add(element(element, depth + 1));
      }
    }
  }
}
