package org.reelway.transfer.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** S3's XML: what answers say, and the one document that a request carries. */
final class S3Xml {
  private static final int DEEPEST = 32;
  private static final XMLInputFactory FACTORY = factory();

  private S3Xml() {}

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  /** White space in front is passed over: a store that takes long may send it to keep the connection. */
  static XmlElement parse(byte[] document) throws IOException {
    int start = 0;
    while (start < document.length && document[start] <= ' ' && document[start] >= 0) {
      start++;
    }
    try {
      XMLStreamReader reader =
          FACTORY.createXMLStreamReader(new ByteArrayInputStream(document, start, document.length - start));
      try {
        reader.nextTag();
        return element(reader, 0);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      throw new IOException("not the XML that S3 answers with: " + e.getMessage(), e);
    }
  }

  private static XmlElement element(XMLStreamReader reader, int depth) throws XMLStreamException {
    if (depth > DEEPEST) {
      throw new XMLStreamException("more than " + DEEPEST + " levels");
    }
    XmlElement.Builder builder = new XmlElement.Builder(reader.getLocalName());
    while (true) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> builder.child(element(reader, depth + 1));
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> builder.text(reader.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          return builder.build();
        }
        case XMLStreamConstants.ENTITY_REFERENCE, XMLStreamConstants.DTD ->
            throw new XMLStreamException("a reference to something outside");
        default -> { }
      }
    }
  }

  /** @param kind whose part checksums go along; null for none */
  static byte[] completeRequest(List<StoredPart> parts, ChecksumKind kind) {
    boolean named = kind == ChecksumKind.CRC32C || kind == ChecksumKind.CRC64NVME;
    return completeRequest(
        parts.stream()
            .map(
                part -> new Question.Part(
                    part.number(), part.etag(), "Checksum" + kind, named ? part.checksums().get(kind) : null))
            .toList());
  }

  static byte[] completeRequest(List<Question.Part> parts) {
    StringBuilder xml = new StringBuilder(64 + parts.size() * 128);
    xml.append("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    for (Question.Part part : parts) {
      xml.append("<Part>");
      if (part.checksum() != null) {
        xml.append('<').append(part.checksumElement()).append('>');
        escape(xml, part.checksum());
        xml.append("</").append(part.checksumElement()).append('>');
      }
      xml.append("<ETag>\"");
      escape(xml, part.etag());
      xml.append("\"</ETag><PartNumber>").append(part.number()).append("</PartNumber></Part>");
    }
    return xml.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void escape(StringBuilder xml, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> xml.append("&lt;");
        case '>' -> xml.append("&gt;");
        case '&' -> xml.append("&amp;");
        case '"' -> xml.append("&quot;");
        default -> xml.append(c);
      }
    }
  }
}
