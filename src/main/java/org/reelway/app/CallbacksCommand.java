package org.reelway.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.reelway.failure.InputFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code reelway callbacks}: what waits for backends, what was given up, and delivering it once more. */
@Command(
    name = "callbacks",
    description = {
      "Lists callbacks to backends, newest first.",
      "Asks the sidecar that runs with the same settings."
    },
    subcommands = CallbacksCommand.Replay.class,
    exitCodeList = {"0:told", "1:no sidecar answers", "2:the command line or the settings are wrong"})
final class CallbacksCommand extends SidecarCommand {
  @Option(names = "--state", paramLabel = "STATE", description = "Only those that are waiting, delivered or dead.")
  private String state = "";

  @Option(names = "--limit", paramLabel = "N", description = "At most so many (${DEFAULT-VALUE}).")
  private int limit = 100;

  @Override
  int ask(RunningSidecar sidecar) {
    JsonNode answer = sidecar.api("GET", "/callbacks?limit=" + limit + "&state=" + encoded(state));
    table(
        List.of("id", "created", "state", "type", "receiver", "about", "tries", "problem"), answer.path("callbacks"),
        "/id", "/createdAt", "/state", "/type", "/receiver", "/about", "/tries", "/problem");
    out().println(
        answer.path("waiting").asLong() + " wait, " + answer.path("delivered").asLong() + " are delivered, "
            + answer.path("dead").asLong() + " were given up");
    return 0;
  }

  /** {@code reelway callbacks replay}. */
  @Command(
      name = "replay",
      description = {
        "Delivers callbacks once more, each with the id that it had; one that waits is tried now.",
        "Asks the sidecar that runs with the same settings."
      },
      exitCodeList = {"0:all are replayed", "1:no sidecar answers", "2:at least one cannot be replayed; why is told"})
  static final class Replay extends SidecarCommand {
    @ParentCommand private CallbacksCommand callbacks;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "Ids, as `reelway callbacks` lists them.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--dead", description = "All that were given up, at most " + LIST + " at a time, oldest first.")
    private boolean dead;

    @Override
    SettingsOptions options() {
      return super.options().within(callbacks.options());
    }

    @Override
    int ask(RunningSidecar sidecar) {
      List<String> wanted = dead ? givenUp(sidecar) : ids;
      if (wanted.isEmpty()) {
        out().println("none was given up");
      }
      return forEach(wanted, id -> replay(sidecar, id), "not replayed") ? 0 : CommandLineProgram.USAGE;
    }

    @Override
    public Integer call() {
      if (ids.isEmpty() == !dead) {
        throw new InputFailure("name ids, or --dead for all that were given up");
      }
      return super.call();
    }

    private static List<String> givenUp(RunningSidecar sidecar) {
      List<String> newestFirst = ids(sidecar.api("GET", "/callbacks?state=dead&limit=" + LIST).path("callbacks"));
      Collections.reverse(newestFirst);
      return newestFirst;
    }

    private static String replay(RunningSidecar sidecar, String id) {
      JsonNode row = sidecar.api("POST", "/callbacks/" + encoded(id) + "/replay");
      return "replayed " + id + " (" + row.path("type").asText() + ", " + row.path("about").asText() + ")";
    }
  }
}
