package org.reelway.settings.imports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.reelway.failure.InputFailure;
import org.xml.sax.Attributes;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * An {@code Application.xml} of Wowza Streaming Engine, as far as uploads are concerned: {@code Root/Application/Name},
 * {@code …/Streams/StorageDir}, and every {@code Property} with {@code Name} and {@code Value}, wherever it stands.
 *
 * @see <a href="https://www.wowza.com/docs/how-to-read-and-write-configuration-properties">the format</a>
 * @param name of the application; empty where it has none
 * @param storageDir as written, with Wowza's variables; empty where there is none
 */
record WowzaApplication(String name, String storageDir, List<Property> properties) {
  WowzaApplication {
    properties = List.copyOf(properties);
  }

  /** @param line of its value in the file, from 1 */
  record Property(String name, String value, int line) {}

  /** The last one of a name counts, as for Wowza. */
  Optional<Property> property(String name) {
    return properties.stream().filter(property -> property.name().equals(name)).reduce((first, last) -> last);
  }

  /** @throws InputFailure when it is not there, no XML, or no Wowza application */
  static WowzaApplication read(Path file) {
    Reader reader = new Reader();
    try (InputStream in = Files.newInputStream(file)) {
      SAXParserFactory factory = SAXParserFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      // Nothing outside of this file is ever read for it.
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.newSAXParser().parse(in, reader);
    } catch (NoSuchFileException e) {
      throw new InputFailure(file + " is not there; name the application's conf/<application>/Application.xml", e);
    } catch (SAXParseException e) {
      throw new InputFailure(file + ":" + e.getLineNumber() + " is no XML that can be read: " + e.getMessage(), e);
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new InputFailure(file + " cannot be read: " + e.getMessage(), e);
    }
    if (!reader.isApplication) {
      throw new InputFailure(file + " is no Wowza application: it has no Root/Application");
    }
    return new WowzaApplication(reader.name, reader.storageDir, reader.properties);
  }

  private static final class Reader extends DefaultHandler {
    private final List<Property> properties = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private String path = "";
    private String name = "";
    private String storageDir = "";
    private boolean isApplication;
    private String propertyName;
    private String propertyValue;
    private int line;
    private Locator locator;

    @Override
    public void setDocumentLocator(Locator locator) {
      this.locator = locator;
    }

    @Override
    public void startElement(String uri, String localName, String element, Attributes attributes) {
      path = path + "/" + element;
      text.setLength(0);
      isApplication |= path.equals("/Root/Application");
      if (element.equals("Property")) {
        propertyName = null;
        propertyValue = "";
      }
    }

    @Override
    public void characters(char[] characters, int start, int length) {
      text.append(characters, start, length);
    }

    @Override
    public void endElement(String uri, String localName, String element) {
      String content = text.toString().strip();
      text.setLength(0);
      if (path.equals("/Root/Application/Name")) {
        name = content;
      } else if (path.equals("/Root/Application/Streams/StorageDir")) {
        storageDir = content;
      } else if (path.endsWith("/Property/Name")) {
        propertyName = content;
      } else if (path.endsWith("/Property/Value")) {
        propertyValue = content;
        line = locator.getLineNumber();
      } else if (path.endsWith("/Property") && propertyName != null) {
        properties.add(new Property(propertyName, propertyValue, line));
      }
      path = path.substring(0, path.lastIndexOf('/'));
    }
  }
}
