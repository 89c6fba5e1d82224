package org.reelway.app;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import org.reelway.state.StateCopy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code reelway state}: what is done with the state while no sidecar runs with it. */
@Command(
    name = "state",
    mixinStandardHelpOptions = true,
    description = "Moves the state to a database of its own.",
    subcommands = StateCommand.Copy.class)
final class StateCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }

  /** {@code reelway state copy}. */
  @Command(
      name = "copy",
      description = {
        "Copies the state in reelway.state.folder to the database of reelway.state.url, as this node's (reelway.node).",
        "Other nodes may run there; nothing may be there of this one.",
        "Stop the sidecar before. What was copied is compared; the state in the folder stays as it is."
      },
      exitCodeList = {"0:all is copied", "1:nothing is copied; why is told", "2:the settings are wrong, or a state is there"})
  static final class Copy extends SettingsCommand {
    @Override
    public Integer call() {
      Settings settings = settings(StateSettings.URL);
      Map<String, Long> copied = new StateCopy(settings, Clock.systemUTC()).run();
      List<List<String>> rows =
          copied.entrySet().stream().map(each -> List.of(each.getKey(), String.valueOf(each.getValue()))).toList();
      out().print(new ConsoleTable(List.of("table", "rows"), rows).text());
      out().println("the state is copied, and the same there; a sidecar that starts with these settings goes on from it");
      return 0;
    }
  }
}
