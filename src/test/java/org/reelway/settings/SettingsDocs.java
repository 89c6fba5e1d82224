package org.reelway.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The declarations as the two files that people read: {@code docs/settings.md} and {@code application.properties}. */
final class SettingsDocs {
  private static final int WIDTH = 100;

  private SettingsDocs() {}

  /** {@code docs/settings.md}. */
  static String markdown() {
    return """
        # Settings

        <!-- Made from the declarations in src/main/java/org/reelway/settings; do not edit. -->

        A setting is given in `application.properties`, as an environment variable, or on the command line as
        `--set key=value`. The command line wins over the environment, the environment over the file, the file over
        the default. An empty value counts as not given; `--set key=` goes back to the default.
        Secrets are refused by `--set`: every user of the machine sees the arguments of a process.

        - **File**: Java properties in UTF-8: `key=value`, comments start with `#`, a `\\` at the end of a line
          continues it, a `\\` in a value is written `\\\\`. A key that is given twice, or that starts with `reelway.`
          and is not below, stops the start with its line and the nearest key. Keys that do not start with `reelway.`
          are passed on: `camel.*` to Camel, your own to your routes.
        - **duration**: a whole number with `ms`, `s`, `m`, `h` or `d`, such as `30s`.
        - **size**: bytes, or a whole number with `KiB`, `MiB`, `GiB`, `TiB` (1024) or `KB`, `MB`, `GB`, `TB` (1000),
          such as `16MiB`.
        - **path**: a relative one starts at the working directory.
        - **secret**: never shown, in no log, message, page or route. Each has a twin that names a file which holds it:
          `reelway.store.secret-key-file`, in the environment `REELWAY_STORE_SECRET_KEY_FILE`. Which are read again when the
          file changes: [security](security.md#secrets).

        Every key that is no secret can be used in routes as `{{reelway.store.bucket}}`.

        """
        + Catalog.GROUPS.stream().map(SettingsDocs::section).collect(Collectors.joining("\n"));
  }

  /** {@code application.properties}: every key with its default, commented out. */
  static String properties() {
    return """
        # The settings of Reelway. Each key is shown with its default: remove the # in front of a key to change it.
        # Each has a twin in the environment: REELWAY_STORE_BUCKET is reelway.store.bucket.
        # `reelway check` says what is wrong, line by line. The same as a table: docs/settings.md
        # Made from the declarations in src/main/java/org/reelway/settings.
        """
        + Catalog.GROUPS.stream().map(SettingsDocs::block).collect(Collectors.joining());
  }

  private static String section(Setting.Group group) {
    return "## " + group.title() + "\n\n" + group.text() + "\n\n"
        + "| key | environment | type | default | allowed | meaning |\n"
        + "|---|---|---|---|---|---|\n"
        + group.settings().stream().map(SettingsDocs::row).collect(Collectors.joining());
  }

  private static String row(Setting<?> setting) {
    return "| " + code(setting.key()) + " | " + code(setting.env()) + " | " + setting.typeText() + " | "
        + code(setting.defaultText()) + " | " + cell(setting.allowed()) + " | " + cell(setting.text()) + " |\n";
  }

  private static String code(String text) {
    return text.isEmpty() ? "" : "`" + text + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("*.", "\\*.");
  }

  private static String block(Setting.Group group) {
    return "\n\n# ---- " + group.title() + " ----\n# " + group.text() + "\n"
        + group.settings().stream().map(SettingsDocs::entry).collect(Collectors.joining());
  }

  private static String entry(Setting<?> setting) {
    String form = setting.typeText() + (setting.allowed().isEmpty() ? "" : ": " + setting.allowed());
    return "\n" + comment(setting.text()) + comment("[" + form + "]")
        + "#" + setting.key() + "=" + setting.defaultText() + "\n";
  }

  private static String comment(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder("#");
    for (String word : text.split(" ")) {
      if (line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder("#");
      }
      line.append(' ').append(word);
    }
    lines.add(line.toString());
    return String.join("\n", lines) + "\n";
  }
}
