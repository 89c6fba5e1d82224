package org.reelway.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code reelway bandwidth}: what may go out a second, looked at and changed while the sidecar runs. */
@Command(
    name = "bandwidth",
    description = {
      "Shows how many bytes a second may go out, or changes it until the next start.",
      "Asks the sidecar that runs with the same settings. What is to last belongs into reelway.transfer.bandwidth."
    },
    exitCodeList = {"0:told, or changed", "1:no sidecar answers", "2:no such rate"})
final class BandwidthCommand extends SidecarCommand {
  @Parameters(
      paramLabel = "RATE",
      arity = "0..*",
      description = "20MiB/s, 0 for no limit, a timetable such as \"08:00-18:00 20MiB/s, 0\", or default for what the"
          + " settings say.")
  private List<String> rate = List.of();

  @Override
  int ask(RunningSidecar sidecar) {
    JsonNode answer =
        rate.isEmpty()
            ? sidecar.api("GET", "/bandwidth")
            : sidecar.api("PUT", "/bandwidth?rate=" + encoded(String.join(" ", rate)));
    long now = answer.path("bytesPerSecond").asLong();
    out().println(
        answer.path("bandwidth").asText()
            + (now == 0 ? " (now without limit)" : " (now " + now + " bytes a second)")
            + (answer.path("lostAtRestart").asBoolean()
                ? "; until the next start, which goes back to " + answer.path("configured").asText()
                : ""));
    return 0;
  }
}
