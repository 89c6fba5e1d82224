package org.reelway.settings;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.reelway.failure.InputFailure;

/**
 * How the text of a setting becomes a value.
 *
 * @param text the name of the type in the docs, such as {@code duration}
 * @param allowed what is allowed, for docs and messages; empty where the type says it all
 * @param isSecret whether the text must never be shown
 * @param parser takes a text without spaces around it; its {@link InputFailure} says what was found, what is allowed and what to
 *     write; not which setting it is
 */
record ValueType<T>(String text, String allowed, boolean isSecret, Function<String, T> parser) {

  static <T> ValueType<T> of(String text, String allowed, Function<String, T> parser) {
    return new ValueType<>(text, allowed, false, parser);
  }

  static <T> ValueType<T> secret(String text, String allowed, Function<String, T> parser) {
    return new ValueType<>(text, allowed, true, parser);
  }

  /** @throws InputFailure as the parser throws it */
  T parse(String given) {
    return parser.apply(given);
  }

  /** Entries separated by commas, spaces around each dropped. */
  static <T> List<T> list(String text, Function<String, T> entry) {
    return list(text, MessageText.quoted(text), "entries", entry);
  }

  /** The same of a list that is not shown. @param entries what they are, such as {@code URIs} */
  static <T> List<T> hiddenList(String text, String entries, Function<String, T> entry) {
    return list(text, "the list (not shown)", entries, entry);
  }

  private static <T> List<T> list(String text, String shown, String what, Function<String, T> entry) {
    List<String> entries = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    if (entries.contains("")) {
      throw new InputFailure(shown + " has an empty entry; write " + what + " separated by single commas");
    }
    return entries.stream().map(entry).toList();
  }
}
