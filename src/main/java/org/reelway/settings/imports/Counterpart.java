package org.reelway.settings.imports;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What takes the place of a property of another system.
 *
 * @param <P> the property, with its value
 * @param names of the property, with its aliases
 * @param keys of the settings that do its work; empty where none is needed
 * @param text for the docs: what is the same, and what is not
 * @param step writes the settings for a value that is given
 */
record Counterpart<P>(List<String> names, List<String> keys, String text, Step<P> step) {
  Counterpart {
    names = List.copyOf(names);
    keys = List.copyOf(keys);
  }

  /** Writes the settings for one property. */
  @FunctionalInterface
  interface Step<P> {
    void apply(P property, ImportedSettings to);
  }

  /** Markdown, for the docs. */
  static <P> String table(String heading, List<Counterpart<P>> rows) {
    return "| " + heading + " | setting | what is the same, and what is not |\n|---|---|---|\n"
        + rows.stream().map(row -> "| " + code(row.names()) + " | " + (row.keys().isEmpty() ? "none needed" : code(row.keys()))
            + " | " + row.text() + " |\n").collect(Collectors.joining());
  }

  private static String code(List<String> words) {
    return words.stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
  }
}
