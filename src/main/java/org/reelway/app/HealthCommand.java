package org.reelway.app;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.reelway.failure.OurFailure;
import org.reelway.settings.Settings;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reelway health}: what a container's health check runs, so that no image needs an HTTP client. */
@Command(
    name = "health",
    description = {
      "Asks the sidecar that runs with the same settings, on this machine or in this container, how it is.",
      "Not healthy: a route is missing or stopped, or the store does not take recordings."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:healthy", "1:not healthy, or no answer", "2:the settings are wrong"})
final class HealthCommand implements Callable<Integer> {
  @Mixin private SettingsOptions options;

  @ArgGroup private Kind kind = new Kind();

  @Spec private CommandSpec spec;

  private static final class Kind {
    @Option(names = "--live", description = "Only whether the process works: what a restart could mend.")
    private boolean live;

    @Option(names = "--ready", description = "Only whether recordings are carried now.")
    private boolean ready;

    private String path() {
      return live ? "/live" : ready ? "/ready" : "";
    }
  }

  @Override
  public Integer call() {
    Settings settings = options.load(Set.of());
    HealthAnswer answer = ask(settings);
    List<HealthAnswer.Check> ill = answer.ill();
    spec.commandLine().getOut().println(
        (answer.up() ? "healthy: " : "not healthy: ")
            + (ill.isEmpty() ? answer.checks().size() + " checks" : ill.size() + " of " + answer.checks().size() + " checks"));
    ill.forEach(check -> spec.commandLine().getOut().println("  " + check));
    return answer.up() ? 0 : CommandLineProgram.FAILED;
  }

  private HealthAnswer ask(Settings settings) {
    RunningSidecar.Answer answer = new RunningSidecar(settings).management("/observe/health" + kind.path());
    // 503 is the answer of a sidecar that is not well, with the same body.
    if (answer.status() != 200 && answer.status() != 503) {
      throw new OurFailure(
          answer.address() + " answers " + answer.status()
              + "; is it Reelway's, with the same username and password?");
    }
    try {
      return HealthAnswer.parse(answer.body());
    } catch (IllegalArgumentException e) {
      throw new OurFailure("the answer of " + answer.address() + " " + e.getMessage() + "; is it Reelway's?", e);
    }
  }
}
