package org.reelway.live.hds;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.reelway.failure.InputFailure;

/**
 * A manifest's elements, and its text, so that what is not changed stays as it was to the byte. No DTD is taken, and
 * nothing outside the file is ever read.
 */
final class F4mDocument {
  /** Held as ISO 8859-1, whatever it means. */
  private final String text;
  private final List<F4mElement> elements;

  private F4mDocument(String text, List<F4mElement> elements) {
    this.text = text;
    this.elements = elements;
  }

  /** @throws InputFailure when the bytes are no manifest */
  static F4mDocument parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Reading reading = new Reading();
    try {
      reading.read(bytes);
    } catch (XMLStreamException e) {
      throw new InputFailure("the manifest is no XML that can be taken: " + shortened(e.getMessage()), e);
    }
    if (reading.elements.isEmpty() || !reading.elements.get(0).name().equals("manifest")) {
      throw new InputFailure("the file has no <manifest>: it is no HDS manifest");
    }
    List<F4mSpan> spans = F4mSpan.all(text);
    if (spans.size() != reading.elements.size()) {
      throw new InputFailure("the manifest's elements cannot be told apart; have it written in UTF-8");
    }
    List<F4mElement> elements = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      F4mElement read = reading.elements.get(i);
      elements.add(
          new F4mElement(
              read.name(), read.attributes(), reading.texts.get(i).toString().strip(), read.parent(), spans.get(i)));
    }
    return new F4mDocument(text, List.copyOf(elements));
  }

  private static String shortened(String message) {
    String line = message.replaceAll("\\p{Cntrl}+", " ");
    return line.length() > 200 ? line.substring(0, 200) + "..." : line;
  }

  /** The elements with their text, as the parser meets them. */
  private static final class Reading {
    private final List<F4mElement> elements = new ArrayList<>();
    private final List<StringBuilder> texts = new ArrayList<>();
    private final Deque<Integer> open = new ArrayDeque<>();

    void read(byte[] bytes) throws XMLStreamException {
      XMLInputFactory factory = XMLInputFactory.newFactory();
      factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
      factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
      factory.setXMLResolver(
          (publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("it names something outside");
          });
      XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(bytes));
      while (reader.hasNext()) {
        take(reader, reader.next());
      }
    }

    private void take(XMLStreamReader reader, int event) throws XMLStreamException {
      switch (event) {
        case XMLStreamConstants.DTD -> throw new XMLStreamException("a DOCTYPE is not taken");
        case XMLStreamConstants.ENTITY_REFERENCE -> throw new XMLStreamException("an entity is not known");
        case XMLStreamConstants.START_ELEMENT -> {
          int parent = open.isEmpty() ? -1 : open.peek();
          open.push(elements.size());
          elements.add(new F4mElement(reader.getLocalName(), attributes(reader), "", parent, null));
          texts.add(new StringBuilder());
        }
        case XMLStreamConstants.END_ELEMENT -> open.pop();
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (!open.isEmpty()) {
            texts.get(open.peek()).append(reader.getText());
          }
        }
        default -> { }
      }
    }

    private static Map<String, String> attributes(XMLStreamReader reader) {
      Map<String, String> attributes = new HashMap<>();
      for (int i = 0; i < reader.getAttributeCount(); i++) {
        attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i).strip());
      }
      return attributes;
    }
  }

  List<F4mElement> elements() {
    return elements;
  }

  /** The first one; null where there is none. */
  F4mElement first(String name) {
    return elements.stream().filter(element -> element.name().equals(name)).findFirst().orElse(null);
  }

  Edits edit() {
    return new Edits();
  }

  /** Changes of some places; all else stays to the byte. */
  final class Edits {
    private final TreeMap<Integer, Change> changes = new TreeMap<>();

    private record Change(int end, String text) {}

    /** @param content that needs no escapes */
    Edits content(F4mElement element, String content) {
      changes.put(element.span().inside(), new Change(element.span().close(), content));
      return this;
    }

    Edits without(F4mElement element) {
      changes.put(element.span().start(), new Change(element.span().end(), ""));
      return this;
    }

    /** @param value without quotes and angles */
    Edits attribute(F4mElement element, String name, String value) {
      String tag = text.substring(element.span().start(), element.span().inside());
      var matcher =
          java.util.regex.Pattern.compile("(\\s" + name + "\\s*=\\s*)(\"[^\"]*\"|'[^']*')").matcher(tag);
      if (matcher.find()) {
        String escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
        String raw = new String(escaped.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        int start = element.span().start() + matcher.start(2);
        changes.put(start, new Change(element.span().start() + matcher.end(2), "\"" + raw + "\""));
      }
      return this;
    }

    byte[] bytes() {
      StringBuilder changed = new StringBuilder();
      int at = 0;
      for (Map.Entry<Integer, Change> change : changes.entrySet()) {
        // What stands in what is left out is left out too.
        if (change.getKey() >= at) {
          changed.append(text, at, change.getKey()).append(change.getValue().text());
          at = change.getValue().end();
        }
      }
      return changed.append(text, at, text.length()).toString().getBytes(StandardCharsets.ISO_8859_1);
    }
  }
}
