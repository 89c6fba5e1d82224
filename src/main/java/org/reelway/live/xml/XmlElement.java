package org.reelway.live.xml;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.reelway.failure.ForeignXml;
import org.reelway.failure.InputFailure;

/**
 * An element, and where it stands in the text. The JDK's parser reads names, values and what is not well formed; where each
 * tag stands is looked up in the text beside it, as the parser does not tell. No DTD is taken, no entity but XML's own, and
 * nothing outside the file is ever read.
 */
public final class XmlElement {
  private static final int DEEPEST = 64;
  private static final String ENDS_OF_NAMES = " \t\r\n/>=";

  private final String text;
  private final XmlElement parent;
  private final String name;
  private final int start;
  private final List<Attribute> attributes = new ArrayList<>(4);
  private final List<XmlElement> children = new ArrayList<>();
  private StringBuilder content;
  private int tagEnd;
  private int contentEnd;
  private int end;

  /**
   * One attribute.
   *
   * @param start of the white space before it
   * @param from of its value, behind the quote
   * @param to behind its value, at the quote
   */
  public record Attribute(String name, String value, int start, int from, int to) {}

  private XmlElement(String text, XmlElement parent, String name, int start) {
    this.text = text;
    this.parent = parent;
    this.name = name;
    this.start = start;
  }

  /**
   * The outermost element.
   *
   * @param most elements that are taken
   * @throws InputFailure when it is no whole XML in UTF-8, or has a DTD
   */
  public static XmlElement read(byte[] bytes, long most) {
    try {
      return new Reading(bytes, most).read(ForeignXml.reader(new ByteArrayInputStream(bytes)));
    } catch (XMLStreamException | IndexOutOfBoundsException e) {
      String why = String.valueOf(e.getMessage()).replaceAll("(?s)^ParseError at \\[row,col\\]:\\[(\\d+),\\d+\\].*Message: ", "line $1: ")
          .replaceAll("\\p{Cntrl}+", " ");
      throw new InputFailure(
          "the manifest is no XML that can be taken: " + (why.length() > 200 ? why.substring(0, 200) + "..." : why), e);
    }
  }

  /** Goes through the text as the parser does. */
  private static final class Reading {
    private final String text;
    private final long most;
    private int at;
    private long elements;

    Reading(byte[] bytes, long most) {
      this.text = new String(bytes, StandardCharsets.ISO_8859_1);
      this.most = most;
    }

    XmlElement read(XMLStreamReader reader) throws XMLStreamException {
      String encoding = String.valueOf(reader.getCharacterEncodingScheme()).toLowerCase(Locale.ROOT);
      if (!List.of("null", "utf-8", "us-ascii").contains(encoding) || text.indexOf('\0') >= 0) {
        throw new InputFailure("the manifest is not in UTF-8");
      }
      XmlElement root = null;
      XmlElement open = null;
      for (int depth = 0; reader.hasNext(); ) {
        switch (reader.next()) {
          case XMLStreamConstants.DTD -> throw new InputFailure("the manifest has a DTD (DOCTYPE), which is never taken");
          case XMLStreamConstants.START_ELEMENT -> {
            if (++depth > DEEPEST || ++elements > most) {
              throw new InputFailure(
                  "the manifest has " + (depth > DEEPEST ? "elements " + DEEPEST + " deep" : "more than " + most + " elements")
                      + ", more than is taken with this heap: let the media server keep fewer chunks in it");
            }
            open = opened(open, reader);
            root = root == null ? open : root;
          }
          case XMLStreamConstants.END_ELEMENT -> {
            depth--;
            open = closed(open);
          }
          case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
            if (!reader.isWhiteSpace()) {
              open.content = open.content == null ? new StringBuilder() : open.content;
              open.content.append(reader.getText());
            }
          }
          default -> { }
        }
      }
      return root;
    }

    /** Goes to the next tag: what lies before it is no element's. */
    private void seek() {
      String end;
      do {
        at = text.indexOf('<', at);
        end = text.startsWith("<!--", at) ? "-->" : text.startsWith("<![CDATA[", at) ? "]]>" : text.startsWith("<?", at) ? "?>" : null;
        at = end == null ? at : text.indexOf(end, at) + end.length();
      } while (end != null);
    }

    private XmlElement opened(XmlElement parent, XMLStreamReader reader) {
      seek();
      XmlElement element = new XmlElement(text, parent, name(at + 1), at);
      at += 1 + element.name.length();
      for (int i = 0; i < reader.getAttributeCount(); i++) {
        element.attributes.add(attribute(reader.getAttributeValue(i)));
      }
      at = text.indexOf('>', at) + 1;
      element.tagEnd = at;
      element.contentEnd = at;
      element.end = at;
      if (parent != null) {
        parent.children.add(element);
      }
      return element;
    }

    private String name(int from) {
      int to = from;
      while (ENDS_OF_NAMES.indexOf(text.charAt(to)) < 0) {
        to++;
      }
      return text.substring(from, to);
    }

    private Attribute attribute(String value) {
      int space = at;
      while (Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      String name = name(at);
      at = text.indexOf('=', at) + 1;
      while (Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      int from = at + 1;
      int to = text.indexOf(text.charAt(at), from);
      at = to + 1;
      return new Attribute(name, value, space, from, to);
    }

    private XmlElement closed(XmlElement element) {
      if (text.charAt(element.tagEnd - 2) != '/') {
        seek();
        element.contentEnd = at;
        at = text.indexOf('>', at) + 1;
        element.end = at;
      }
      return element.parent;
    }
  }

  /** Without prefix. */
  public String name() {
    return name.substring(name.indexOf(':') + 1);
  }

  /** With its prefix, as it is written. */
  public String qualifiedName() {
    return name;
  }

  public XmlElement parent() {
    return parent;
  }

  /** All of the document, one character for each byte. */
  String text() {
    return text;
  }

  public int start() {
    return start;
  }

  public int tagEnd() {
    return tagEnd;
  }

  public int contentEnd() {
    return contentEnd;
  }

  public int end() {
    return end;
  }

  /** Whether it is one tag, {@code <a/>}. */
  boolean isEmptyTag() {
    return end == tagEnd;
  }

  public List<Attribute> attributes() {
    return attributes;
  }

  public Optional<Attribute> attribute(String wanted) {
    return attributes.stream().filter(attribute -> attribute.name().equals(wanted)).findFirst();
  }

  /** The value of an attribute. */
  public Optional<String> get(String wanted) {
    return attribute(wanted).map(Attribute::value);
  }

  public List<XmlElement> children() {
    return children;
  }

  public Stream<XmlElement> children(String wanted) {
    return children.stream().filter(child -> child.name().equals(wanted));
  }

  public Optional<XmlElement> child(String wanted) {
    return children(wanted).findFirst();
  }

  /** Itself and all below it, in their order. */
  public Stream<XmlElement> all() {
    return Stream.concat(Stream.of(this), children.stream().flatMap(XmlElement::all));
  }

  /** Those of the name among all. */
  public Stream<XmlElement> all(String wanted) {
    return all().filter(element -> element.name().equals(wanted));
  }

  /** As it is written, with all that is in it. */
  public String source() {
    return text.substring(start, end);
  }

  /** Its own text. */
  public String content() {
    return content == null ? "" : content.toString().strip();
  }

  /** Where the white space before it begins. */
  public int lead() {
    int before = start;
    while (before > 0 && Character.isWhitespace(text.charAt(before - 1))) {
      before--;
    }
    return before;
  }
}
