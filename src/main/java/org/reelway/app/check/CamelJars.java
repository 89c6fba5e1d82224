package org.reelway.app.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.reelway.settings.MessageText;

/** Which jar of Camel has which component, language or data format: for those that are not on the class path. */
final class CamelJars {
  private static final String LIST = "camel-jars.properties";

  private final Properties jars = new Properties();

  CamelJars() {
    try (InputStream in = CamelJars.class.getResourceAsStream(LIST)) {
      jars.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the list of Camel's jars cannot be read: " + LIST, e);
    }
  }

  /** @param kind component, language or dataformat @return such as {@code camel-kafka} */
  Optional<String> of(String kind, String name) {
    return Optional.ofNullable(jars.getProperty(kind + "." + name));
  }

  Optional<String> near(String kind, String name) {
    List<String> names =
        jars.stringPropertyNames().stream().filter(key -> key.startsWith(kind + "."))
            .map(key -> key.substring(kind.length() + 1)).sorted().toList();
    return MessageText.near(name, names);
  }
}
