package org.reelway.settings;

import java.util.List;
import java.util.Locale;
import org.reelway.failure.InputFailure;

/**
 * One setting, declared once.
 *
 * @param <T> what its text is parsed to
 */
public final class Setting<T> {
  private final String key;
  private final ValueType<T> type;
  private final String defaultText;
  private final String text;

  private Setting(String key, ValueType<T> type, String defaultText, String text) {
    this.key = key;
    this.type = type;
    this.defaultText = defaultText;
    this.text = text;
  }

  /** A setting that always has a value; an empty default is a value too. */
  static <T> Setting<T> of(String key, ValueType<T> type, String defaultText, String text) {
    return new Setting<>(key, type, defaultText, text);
  }

  /** A setting without default, whose value is null where it is not set. */
  static <T> Setting<T> optional(String key, ValueType<T> type, String text) {
    return new Setting<>(key, type, null, text);
  }

  /** Such as {@code reelway.store.path-style}. */
  public String key() {
    return key;
  }

  /** The environment variable that says the same, such as {@code REELWAY_STORE_PATH_STYLE}. */
  public String env() {
    return env(key);
  }

  private static String env(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** The type in words, such as {@code duration}. */
  public String typeText() {
    return type.text();
  }

  /** As it would be written in the file; empty where there is none. */
  public String defaultText() {
    return defaultText == null ? "" : defaultText;
  }

  /** What is allowed; empty where the type says it all. */
  public String allowed() {
    return type.allowed();
  }

  /** Meaning, consequence and unit, in a sentence or three. */
  public String text() {
    return text;
  }

  /** Whether the value must never be shown. */
  public boolean secret() {
    return type.isSecret();
  }

  /** The value where nothing is set; null where there is none. */
  T defaultValue() {
    return defaultText == null ? null : type.parse(defaultText);
  }

  /** @throws org.reelway.failure.InputFailure that says what was found and what is allowed */
  public T parse(String given) {
    return type.parse(given);
  }

  /** The end of a message that misses it, or found it in the wrong place. */
  public String howToSet() {
    return howToSet(key);
  }

  /** The same of a setting that only its key is known of. */
  public static String howToSet(String key) {
    return "set it in the settings file, or as the environment variable " + env(key);
  }

  @Override
  public String toString() {
    return key;
  }

  /** The settings that belong together, in the order of the docs. */
  public record Group(String title, String text, List<Setting<?>> settings) {
    public Group {
      settings = List.copyOf(settings);
    }
  }
}
