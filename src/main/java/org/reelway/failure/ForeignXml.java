package org.reelway.failure;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reading XML that others wrote: no DTD is taken, no entity but XML's own, and nothing outside the text is ever read. */
public final class ForeignXml {
  private static final int DEEPEST = 64;

  private ForeignXml() {}

  /** Whoever reads from it refuses {@link XMLStreamConstants#DTD}, which it skips. */
  public static XMLStreamReader reader(InputStream in) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
    return factory.createXMLStreamReader(in);
  }

  /**
   * An element as far as small files need it.
   *
   * @param text its own, with its blanks
   * @param line of its end tag, from 1
   */
  public record Element(String name, String text, List<Element> children, int line) {
    public Stream<Element> children(String wanted) {
      return children.stream().filter(child -> child.name.equals(wanted));
    }

    /** The text of the first one of the name; empty where there is none. */
    public String text(String wanted) {
      return children(wanted).findFirst().map(Element::text).orElse("");
    }

    /** Itself and all below it. */
    public Stream<Element> all() {
      return Stream.concat(Stream.of(this), children.stream().flatMap(Element::all));
    }
  }

  /** The outermost element of a small file. */
  public static Element read(InputStream in) throws XMLStreamException {
    XMLStreamReader reader = reader(in);
    while (reader.next() != XMLStreamConstants.START_ELEMENT) {
      refuseDtd(reader);
    }
    Element root = element(reader, 1);
    while (reader.hasNext()) {
      reader.next();
    }
    return root;
  }

  private static void refuseDtd(XMLStreamReader reader) throws XMLStreamException {
    if (reader.getEventType() == XMLStreamConstants.DTD) {
      throw new XMLStreamException("a DOCTYPE is not taken", reader.getLocation());
    }
  }

  private static Element element(XMLStreamReader reader, int depth) throws XMLStreamException {
    if (depth > DEEPEST) {
      throw new XMLStreamException("its elements are more than " + DEEPEST + " deep", reader.getLocation());
    }
    String name = reader.getLocalName();
    StringBuilder text = new StringBuilder();
    List<Element> children = new ArrayList<>();
    for (int event = reader.next(); event != XMLStreamConstants.END_ELEMENT; event = reader.next()) {
      if (event == XMLStreamConstants.START_ELEMENT) {
        children.add(element(reader, depth + 1));
      } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
        text.append(reader.getText());
      }
    }
    return new Element(name, text.toString(), children, reader.getLocation().getLineNumber());
  }
}
