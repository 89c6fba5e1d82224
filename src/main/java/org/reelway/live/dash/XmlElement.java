package org.reelway.live.dash;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An element, and where it stands in the text. */
final class XmlElement {
  private final String text;
  private final XmlElement parent;
  private final String name;
  private final int start;
  private final List<Attribute> attributes = new ArrayList<>();
  private final List<XmlElement> children = new ArrayList<>();
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
  record Attribute(String name, int start, int from, int to) {}

  XmlElement(String text, XmlElement parent, String name, int start) {
    this.text = text;
    this.parent = parent;
    this.name = name;
    this.start = start;
  }

  void add(Attribute attribute) {
    attributes.add(attribute);
  }

  void add(XmlElement child) {
    children.add(child);
  }

  /** Behind the {@code >} of its first tag. */
  void opened(int at) {
    tagEnd = at;
    contentEnd = at;
    end = at;
  }

  /** @param from where its last tag begins; @param to behind it */
  void closed(int from, int to) {
    contentEnd = from;
    end = to;
  }

  /** Without prefix. */
  String name() {
    return name.substring(name.indexOf(':') + 1);
  }

  /** With its prefix, as it is written. */
  String qualifiedName() {
    return name;
  }

  XmlElement parent() {
    return parent;
  }

  int start() {
    return start;
  }

  int tagEnd() {
    return tagEnd;
  }

  int contentEnd() {
    return contentEnd;
  }

  int end() {
    return end;
  }

  /** Whether it is one tag, {@code <a/>}. */
  boolean isEmptyTag() {
    return end == tagEnd;
  }

  List<Attribute> attributes() {
    return attributes;
  }

  Optional<Attribute> attribute(String wanted) {
    return attributes.stream().filter(attribute -> attribute.name().equals(wanted)).findFirst();
  }

  /** The value with its escapes read. */
  Optional<String> get(String wanted) {
    return attribute(wanted).map(found -> XmlText.read(text.substring(found.from(), found.to())));
  }

  List<XmlElement> children() {
    return children;
  }

  Stream<XmlElement> children(String wanted) {
    return children.stream().filter(child -> child.name().equals(wanted));
  }

  Optional<XmlElement> child(String wanted) {
    return children(wanted).findFirst();
  }

  /** Itself and all below it. */
  Stream<XmlElement> all() {
    return Stream.concat(Stream.of(this), children.stream().flatMap(XmlElement::all));
  }

  /** As it is written, with all that is in it. */
  String source() {
    return text.substring(start, end);
  }

  /** Text of an element that has no children, with its escapes read. */
  String content() {
    return XmlText.read(text.substring(tagEnd, contentEnd)).strip();
  }

  /** Where the white space before it begins. */
  int lead() {
    int at = start;
    while (at > 0 && Character.isWhitespace(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }
}
