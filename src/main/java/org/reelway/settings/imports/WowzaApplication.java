package org.reelway.settings.imports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLStreamException;
import org.reelway.failure.ForeignXml;
import org.reelway.failure.ForeignXml.Element;
import org.reelway.failure.InputFailure;

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
    try (InputStream in = Files.newInputStream(file)) {
      Element root = ForeignXml.read(in);
      Element application =
          root.children("Application").filter(any -> root.name().equals("Root")).findFirst().orElseThrow(
              () -> new InputFailure(file + " is no Wowza application: it has no Root/Application"));
      String storageDir = application.children("Streams").map(streams -> streams.text("StorageDir")).findFirst().orElse("");
      return new WowzaApplication(application.text("Name").strip(), storageDir.strip(), properties(root));
    } catch (NoSuchFileException e) {
      throw new InputFailure(file + " is not there; name the application's conf/<application>/Application.xml", e);
    } catch (XMLStreamException e) {
      String where = e.getLocation() == null ? "" : ":" + e.getLocation().getLineNumber();
      throw new InputFailure(file + where + " is no XML that can be read: " + e.getMessage().replaceFirst("(?s).*Message: ", ""), e);
    } catch (IOException e) {
      throw new InputFailure(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static List<Property> properties(Element root) {
    return root.all()
        .filter(element -> element.name().equals("Property") && element.children("Name").findAny().isPresent())
        .map(element -> {
          int line = element.children("Value").mapToInt(Element::line).findFirst().orElse(element.line());
          return new Property(element.text("Name").strip(), element.text("Value").strip(), line);
        })
        .toList();
  }
}
