package org.reelway.live.xml;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Changes at places of a text; all else stays as it is. What lies in something that is taken away is not changed. */
public final class XmlEdits {
  private final String text;
  private final Set<Edit> edits = new LinkedHashSet<>();

  private record Edit(int from, int to, String with) {}

  public XmlEdits(XmlElement root) {
    this.text = root.text();
  }

  public void replace(int from, int to, String with) {
    edits.add(new Edit(from, to, with));
  }

  /** In place of all that it has. */
  public void content(XmlElement element, String content) {
    if (!element.isEmptyTag()) {
      replace(element.tagEnd(), element.contentEnd(), escaped(content));
    }
  }

  /** Text as an attribute or an element has it. */
  public static String escaped(String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")
        .replace("'", "&apos;");
    return new String(escaped.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  public void insert(int at, String what) {
    replace(at, at, what);
  }

  /** With the white space before it. */
  public void remove(XmlElement element) {
    replace(element.lead(), element.end(), "");
  }

  public void removeAttribute(XmlElement element, String name) {
    element.attribute(name).ifPresent(found -> replace(found.start(), found.to() + 1, ""));
  }

  /** Sets the attribute where it differs, also where there was none. */
  public void set(XmlElement element, String name, String value) {
    if (!element.get(name).equals(Optional.of(value))) {
      element.attribute(name).ifPresentOrElse(
          found -> replace(found.from(), found.to(), escaped(value)),
          () -> insert(element.start() + 1 + element.qualifiedName().length(),
              " " + name + "=\"" + escaped(value) + "\""));
    }
  }

  /** Puts something at the end of what the element has, on a line of its own. */
  public void append(XmlElement element, UnaryOperator<String> byIndent) {
    String indent = indent(element);
    if (element.isEmptyTag()) {
      int slash = text.lastIndexOf('/', element.tagEnd());
      replace(slash, element.tagEnd(), ">" + byIndent.apply(indent + "\t") + indent + "</" + element.qualifiedName() + ">");
    } else {
      int at = element.contentEnd();
      while (at > element.tagEnd() && Character.isWhitespace(text.charAt(at - 1))) {
        at--;
      }
      replace(at, element.contentEnd(), byIndent.apply(indent + "\t") + indent);
    }
  }

  /** The line break and white space before an element. */
  public String indent(XmlElement element) {
    String lead = text.substring(element.lead(), element.start());
    return lead.indexOf('\n') < 0 ? "\n" : lead.substring(lead.lastIndexOf('\n'));
  }

  /** The document with all changes. */
  public byte[] applied() {
    List<Edit> inOrder = new ArrayList<>(edits);
    inOrder.sort(
        Comparator.comparingInt(Edit::from)
            .thenComparing(edit -> edit.from() < edit.to())
            .thenComparing(Comparator.comparingInt(Edit::to).reversed()));
    StringBuilder changed = new StringBuilder();
    int at = 0;
    for (Edit edit : inOrder) {
      if (edit.from() >= at) {
        changed.append(text, at, edit.from()).append(edit.with());
        at = edit.to();
      }
    }
    return changed.append(text, at, text.length()).toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
