package org.reelway.settings.imports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.reelway.failure.InputFailure;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;

/** What another system's configuration becomes: settings, each with what it was made from, and what a person has to look at. */
public final class ImportedSettings {
  private static final Map<String, Setting<?>> KNOWN =
      Settings.all().stream().collect(Collectors.toMap(Setting::key, setting -> setting));

  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, String> origins = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, String> given;

  /** @param given by the user, by key: these win over what is imported, and are part of it */
  ImportedSettings(Map<String, String> given) {
    this.given = Map.copyOf(given);
    given.forEach((key, value) -> put(key, value, "--set"));
  }

  /**
   * A value that Reelway does not take, or another one than was set before, is noted and not set.
   *
   * @param origin what it was made from, for people
   */
  void set(String key, String value, String origin) {
    String first = settings.get(key);
    if (isGiven(key) || value.equals(first)) {
      return;
    }
    if (first != null) {
      note(origin + " is another one than " + origins.get(key) + ", and there is one " + key + " only: make them the same, or run"
          + " a Reelway for each");
      return;
    }
    try {
      KNOWN.get(key).parse(value);
    } catch (InputFailure e) {
      note(origin + " is left out, for " + key + " does not take it: " + e.getMessage());
      return;
    }
    put(key, value, origin);
  }

  private void put(String key, String value, String origin) {
    settings.put(key, value);
    origins.put(key, origin);
  }

  boolean has(String key) {
    return settings.containsKey(key);
  }

  boolean isGiven(String key) {
    return given.containsKey(key);
  }

  /** The value; empty where there is none. */
  String get(String key) {
    return settings.getOrDefault(key, "");
  }

  void note(String text) {
    notes.add(text.replaceAll("[\\r\\n]+", " "));
  }

  /** What a person has to look at. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** All of them by key, secrets included; never shown. */
  public Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  /** Keys of secrets that were found. */
  public List<String> secrets() {
    return settings.keySet().stream().filter(key -> KNOWN.get(key).secret()).sorted().toList();
  }

  /**
   * The text of a settings file, with comments that say what each line was made from.
   *
   * @param from the system and its file
   * @param withSecrets whether the text may hold them
   */
  public String file(String from, boolean withSecrets) {
    StringBuilder text = new StringBuilder("# Made from " + from + ".\n");
    notes.forEach(note -> text.append("# Look at: ").append(note).append('\n'));
    settings.forEach((key, value) -> {
      boolean hidden = KNOWN.get(key).secret() && !withSecrets;
      text.append("\n# from ").append(origins.get(key)).append('\n')
          .append(hidden ? "# give it as environment variable: " + KNOWN.get(key).env() : key + "=" + escaped(value)).append('\n');
    });
    return text.toString();
  }

  /** As {@link java.util.Properties} reads it. */
  private static String escaped(String value) {
    String text = value.replaceAll("[\\r\\n]+", " ").replace("\\", "\\\\");
    return text.startsWith(" ") ? "\\" + text : text;
  }

  @Override
  public String toString() {
    return "settings of " + settings.keySet();
  }
}
