package org.reelway.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;
import org.reelway.settings.MessageText;
import org.reelway.settings.Settings;

/**
 * What is beside a media server to begin with: settings, and the server's own lines. Made of {@code init/SERVER.txt}, settings up
 * to the line {@code ----}, then what is told; <code>${…}</code> is a setting, {@code config}, {@code folder} (that of the
 * settings), {@code reelway} (the program) or {@code home} (its folder).
 *
 * @param settings the text of the file
 * @param told what to write into the server's configuration, and what to do next
 */
record StartingPoint(String settings, String told) {
  static final List<String> SERVERS =
      List.of("nginx-rtmp", "mediamtx", "srs", "node-media-server", "wowza", "evostream", "wcs");

  private static final Pattern NAME = Pattern.compile("\\$\\{([^}]+)}");

  /**
   * @param config where the settings will be
   * @param given win over those of the template
   * @throws InputFailure where there is no such server, or settings are wrong or cannot be together
   */
  static StartingPoint of(String server, Path config, Path home, Map<String, String> given) {
    if (!SERVERS.contains(server)) {
      throw new InputFailure(MessageText.quoted(server) + " is no media server that is known here; allowed: "
          + String.join(", ", SERVERS));
    }
    Settings.load(null, Map.of(), given);
    Map<String, String> names = new HashMap<>();
    names.put("config", config.toString());
    names.put("folder", config.getParent().toString());
    names.put("home", home.toString());
    names.put("reelway", home.resolve("reelway").toString());
    String[] parts = template(server).split("(?m)^----\n", 2);
    String settings = with(filled(parts[0], names), given);
    names.putAll(Settings.load(null, Map.of(), properties(settings)).placeholders());
    return new StartingPoint(settings, filled(parts[1], names));
  }

  private static String template(String server) {
    try (InputStream in = StartingPoint.class.getResourceAsStream("/init/" + server + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String filled(String text, Map<String, String> names) {
    return NAME.matcher(text).replaceAll(name -> Matcher.quoteReplacement(names.get(name.group(1))));
  }

  /** In the place of the template's line, commented out or not; else at the end. */
  private static String with(String settings, Map<String, String> given) {
    String made = settings;
    for (Map.Entry<String, String> each : given.entrySet()) {
      String line = each.getKey() + "=" + each.getValue().replace("\\", "\\\\").replaceAll("\\R", " ");
      Matcher there = Pattern.compile("(?m)^#?" + Pattern.quote(each.getKey()) + "=.*$").matcher(made);
      made = there.find() ? there.replaceFirst(Matcher.quoteReplacement(line)) : made + "\n" + line + "\n";
    }
    return made;
  }

  private static Map<String, String> properties(String settings) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(settings));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> all = new LinkedHashMap<>();
    properties.stringPropertyNames().forEach(key -> all.put(key, properties.getProperty(key)));
    return all;
  }
}
