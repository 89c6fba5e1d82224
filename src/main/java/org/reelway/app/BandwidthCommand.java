package org.reelway.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reelway bandwidth}: what may go out a second, looked at and changed while the sidecar runs. */
@Command(
    name = "bandwidth",
    description = {
      "Shows how many bytes a second may go out, or changes it until the next start.",
      "Asks the sidecar that runs with the same settings. What is to last belongs into reelway.transfer.bandwidth."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:told, or changed", "1:no sidecar answers", "2:no such rate"})
final class BandwidthCommand implements Callable<Integer> {
  @Mixin private SettingsOptions options;

  @Parameters(
      paramLabel = "RATE",
      arity = "0..*",
      description = "20MiB/s, 0 for no limit, a timetable such as \"08:00-18:00 20MiB/s, 0\", or default for what the"
          + " settings say.")
  private List<String> rate = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    RunningSidecar sidecar = new RunningSidecar(options.load(Set.of()));
    JsonNode answer =
        rate.isEmpty()
            ? sidecar.api("GET", "/bandwidth")
            : sidecar.api(
                "PUT", "/bandwidth?rate=" + URLEncoder.encode(String.join(" ", rate), StandardCharsets.UTF_8));
    spec.commandLine().getOut().println(text(answer));
    return 0;
  }

  private static String text(JsonNode answer) {
    long now = answer.path("bytesPerSecond").asLong();
    return answer.path("bandwidth").asText()
        + (now == 0 ? " (now without limit)" : " (now " + now + " bytes a second)")
        + (answer.path("lostAtRestart").asBoolean()
            ? "; until the next start, which goes back to " + answer.path("configured").asText()
            : "");
  }
}
