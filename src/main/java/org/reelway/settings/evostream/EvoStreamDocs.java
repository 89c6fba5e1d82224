package org.reelway.settings.evostream;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The tables of plugins and what takes their place, made from the same declarations as the settings. */
final class EvoStreamDocs {
  private EvoStreamDocs() {}

  /** Markdown. */
  static String tables() {
    return Plugins.all().stream().map(EvoStreamDocs::table).collect(Collectors.joining("\n")) + "\n### Others\n\n"
        + Plugins.NOT_TAKEN.entrySet().stream().sorted(Map.Entry.comparingByKey())
            .map(each -> "- " + code(each.getKey()) + ": " + each.getValue() + ". Disabled it is let be.\n")
            .collect(Collectors.joining());
  }

  private static String table(Plugin plugin) {
    String rows = plugin.parameters().stream().map(EvoStreamDocs::row).collect(Collectors.joining("\n"));
    return "### " + plugin.name() + "\n\n" + plugin.does() + "\n\n"
        + "| parameter | setting | what is the same, and what is not |\n|---|---|---|\n" + rows + "\n";
  }

  private static String row(Parameter parameter) {
    return "| " + code(parameter.name()) + " | " + codes(parameter.keys()) + " | " + parameter.text() + " |";
  }

  private static String codes(List<String> words) {
    return words.stream().map(EvoStreamDocs::code).collect(Collectors.joining(", "));
  }

  private static String code(String word) {
    return "`" + word + "`";
  }
}
