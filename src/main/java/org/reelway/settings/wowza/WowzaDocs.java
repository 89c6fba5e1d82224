package org.reelway.settings.wowza;

import java.util.stream.Collectors;

/** The table of properties and their counterparts, made from the same declarations as the import. */
final class WowzaDocs {
  private WowzaDocs() {}

  /** Markdown. */
  static String table() {
    String rows = Counterparts.all().stream().map(WowzaDocs::row).collect(Collectors.joining("\n"));
    return "| property of the module | setting | what is the same, and what is not |\n|---|---|---|\n" + rows + "\n";
  }

  private static String row(Counterpart counterpart) {
    return "| " + code(counterpart.names()) + " | "
        + (counterpart.keys().isEmpty() ? "none needed" : code(counterpart.keys())) + " | " + counterpart.text() + " |";
  }

  private static String code(java.util.List<String> words) {
    return words.stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
  }
}
