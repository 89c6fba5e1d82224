package org.reelway.app.check;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code {{key}}}, {@code {{key:default}}}, {@code {{?key}}} and {@code {{!key}}} as Camel reads them
 * (<a href="https://camel.apache.org/manual/using-propertyplaceholder.html">manual</a>).
 */
final class Placeholders {
  private static final Pattern INNERMOST = Pattern.compile("\\{\\{([^{}]+)}}");
  private static final Set<String> FUNCTIONS =
      Set.of("env", "sys", "service", "service.name", "service.host", "service.port", "bean");

  private final Map<String, String> properties;
  private final Map<String, String> environment;

  Placeholders(Map<String, String> properties) {
    this.properties = properties;
    this.environment = System.getenv();
  }

  /**
   * @param key without marks and default
   * @param needed false when it has a default or may be missing
   */
  record Placeholder(String key, boolean needed, boolean function) {}

  static Stream<Placeholder> in(String text) {
    return INNERMOST.matcher(text).results().map(found -> parse(found.group(1).strip()));
  }

  private static Placeholder parse(String inner) {
    boolean optional = inner.startsWith("?");
    String key = inner.replaceFirst("^[?!]+", "");
    int colon = key.indexOf(':');
    String name = colon < 0 ? key : key.substring(0, colon);
    return new Placeholder(name, !optional && colon < 0, colon >= 0 && FUNCTIONS.contains(name));
  }

  boolean isDefined(String key) {
    return properties.containsKey(key) || isVariable(key);
  }

  /** Camel looks a key up in the environment first: upper case, with underscores for dots and dashes. */
  boolean isVariable(String key) {
    return environment.containsKey(key)
        || environment.containsKey(key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'));
  }

  /** The text with the placeholders that the settings or their own defaults define; others stay as they are. */
  String resolved(String text) {
    return INNERMOST.matcher(text).replaceAll(found -> Matcher.quoteReplacement(value(found.group())));
  }

  private String value(String placeholder) {
    String inner = placeholder.substring(2, placeholder.length() - 2).strip();
    int colon = inner.indexOf(':');
    String fallback = colon < 0 ? placeholder : inner.substring(colon + 1);
    return properties.getOrDefault(colon < 0 ? inner : inner.substring(0, colon), fallback);
  }
}
