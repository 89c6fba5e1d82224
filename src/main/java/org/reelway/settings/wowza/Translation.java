package org.reelway.settings.wowza;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;
import org.reelway.settings.Settings;
import org.reelway.settings.wowza.WowzaApplication.Property;

/** What becomes of one application: settings by key, and what a person has to look at. */
final class Translation {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");

  private final Map<String, String> variables;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, String> origins = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  /** @param variables of Wowza by name, without {@code ${}} */
  Translation(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /**
   * A value that Reelway does not take is noted, and not set.
   *
   * @param origin what it was made from, for people
   */
  void set(String key, String value, String origin) {
    try {
      Settings.all().stream().filter(setting -> setting.key().equals(key)).findFirst().orElseThrow().parse(value);
    } catch (InputFailure e) {
      note(origin + " is left out, for " + key + " does not take it: " + e.getMessage());
      return;
    }
    settings.put(key, value);
    origins.put(key, origin);
  }

  boolean has(String key) {
    return settings.containsKey(key);
  }

  void note(String text) {
    notes.add(text);
  }

  /** By key, in the order in which they were found. */
  Map<String, String> settings() {
    return settings;
  }

  String origin(String key) {
    return origins.get(key);
  }

  List<String> notes() {
    return notes;
  }

  static boolean flag(Property property) {
    return switch (property.value().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "1" -> true;
      case "false", "no", "0", "" -> false;
      default -> throw bad(property, "true or false");
    };
  }

  static long milliseconds(Property property) {
    try {
      long value = Long.parseLong(property.value());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, with what is allowed.
    }
    throw bad(property, "a number of milliseconds, 0 or more");
  }

  /** In the largest unit that says it exactly. */
  static String duration(long milliseconds) {
    if (milliseconds % 60_000 == 0 && milliseconds > 0) {
      return milliseconds / 60_000 + "m";
    }
    return milliseconds % 1000 == 0 ? milliseconds / 1000 + "s" : milliseconds + "ms";
  }

  private static InputFailure bad(Property property, String allowed) {
    return new InputFailure(
        "line " + property.line() + ": " + property.name() + " is \"" + property.value() + "\"; allowed is " + allowed);
  }

  /** With the variables that are known put in; a note names those that are not. */
  String resolved(String text, String key) {
    Matcher matcher = VARIABLE.matcher(text);
    StringBuilder resolved = new StringBuilder();
    while (matcher.find()) {
      String value = variables.get(matcher.group(1));
      if (value == null) {
        note(key + ": Wowza's variable " + matcher.group() + " is not known here; write what it stands for");
      }
      matcher.appendReplacement(resolved, Matcher.quoteReplacement(value == null ? matcher.group(1) : value));
    }
    return matcher.appendTail(resolved).toString();
  }
}
