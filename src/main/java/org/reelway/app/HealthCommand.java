package org.reelway.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.reelway.failure.OurFailure;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reelway health}: what a container's health check runs, so that no image needs an HTTP client. */
@Command(
    name = "health",
    description = {
      "Asks the sidecar that runs with the same settings, on this machine or in this container, how it is.",
      "Not healthy: a route is missing or stopped, or the store does not take recordings."
    },
    exitCodeList = {"0:healthy", "1:not healthy, or no answer", "2:the settings are wrong"})
final class HealthCommand extends SidecarCommand {
  @ArgGroup private Kind kind = new Kind();

  private static final class Kind {
    @Option(names = "--live", description = "Only whether the process works: what a restart could mend.")
    private boolean live;

    @Option(names = "--ready", description = "Only whether recordings are carried now.")
    private boolean ready;

    private String path() {
      return live ? "/live" : ready ? "/ready" : "";
    }
  }

  /** The answer: {@code {"status": "UP", "checks": [{"name": "store", "status": "DOWN", "message": "…"}]}}. */
  @Override
  int ask(RunningSidecar sidecar) {
    RunningSidecar.Answer answer = sidecar.management("/observe/health" + kind.path());
    // 503 is the answer of a sidecar that is not well, with the same body.
    if (answer.status() != 200 && answer.status() != 503) {
      throw answer.isNotOurs();
    }
    JsonNode health = answer.json();
    if (!health.path("status").isTextual()) {
      throw new OurFailure("the answer of " + answer.address() + " has no status; is it Reelway's?");
    }
    List<JsonNode> checks = StreamSupport.stream(health.path("checks").spliterator(), false).toList();
    List<JsonNode> down = checks.stream().filter(check -> !isUp(check)).toList();
    out().println(
        (isUp(health) ? "healthy: " : "not healthy: ")
            + (down.isEmpty() ? "" : down.size() + " of ") + checks.size() + " checks");
    down.forEach(check -> out().println("  " + told(check)));
    return isUp(health) ? 0 : CommandLineProgram.FAILED;
  }

  private static boolean isUp(JsonNode node) {
    return node.path("status").asText().equals("UP");
  }

  private static String told(JsonNode check) {
    String message = check.path("message").asText();
    return check.path("name").asText() + " is down" + (message.isEmpty() ? "" : ": " + message);
  }
}
