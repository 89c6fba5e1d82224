package org.reelway.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reelway settings}: what is in force, and who says so. */
@Command(
    name = "settings",
    description = {
      "Prints every setting in force, with where it comes from: file and line, environment, --set, or the default.",
      "Secrets are masked. Keys that are not Reelway's are named without their values."
    },
    exitCodeList = {"0:printed", "2:the settings are wrong; what and where is told"})
final class ShowSettingsCommand extends SettingsCommand {
  @Option(names = "--changed", description = "Only those whose value is not the default.")
  private boolean changed;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    ShownSettings shown = new ShownSettings(settings(), changed);
    if (json) {
      shown.json(out());
    } else {
      out().print(shown.table());
      out().flush();
    }
    return 0;
  }
}
