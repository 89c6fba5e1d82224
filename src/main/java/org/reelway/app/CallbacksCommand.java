package org.reelway.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.reelway.failure.InputFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code reelway callbacks}: what waits for backends, what was given up, and delivering it once more. */
@Command(
    name = "callbacks",
    description = {
      "Lists callbacks to backends, newest first.",
      "Asks the sidecar that runs with the same settings."
    },
    subcommands = CallbacksCommand.Replay.class,
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:told", "1:no sidecar answers", "2:the command line or the settings are wrong"})
final class CallbacksCommand implements Callable<Integer> {
  private static final int LIST = 1000;

  @Mixin private SettingsOptions options;

  @Option(names = "--state", paramLabel = "STATE", description = "Only those that are waiting, delivered or dead.")
  private String state = "";

  @Option(names = "--limit", paramLabel = "N", description = "At most so many (${DEFAULT-VALUE}).")
  private int limit = 100;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    RunningSidecar sidecar = new RunningSidecar(options.load(Set.of()));
    JsonNode answer = sidecar.api("GET", "/callbacks?limit=" + limit + "&state=" + encoded(state));
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode row : answer.path("callbacks")) {
      rows.add(
          List.of(
              row.path("id").asText(),
              row.path("createdAt").asText(),
              row.path("state").asText(),
              row.path("type").asText(),
              row.path("receiver").asText(),
              row.path("about").asText(),
              row.path("tries").asText(),
              row.path("problem").asText()));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (!rows.isEmpty()) {
      List<String> heads = List.of("id", "created", "state", "type", "receiver", "about", "tries", "problem");
      out.println(new ConsoleTable(heads, rows).text());
    }
    out.println(
        answer.path("waiting").asLong() + " wait, " + answer.path("delivered").asLong() + " are delivered, "
            + answer.path("dead").asLong() + " were given up");
    return 0;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** {@code reelway callbacks replay}. */
  @Command(
      name = "replay",
      description = {
        "Delivers callbacks once more, each with the id that it had; one that waits is tried now.",
        "Asks the sidecar that runs with the same settings."
      },
      mixinStandardHelpOptions = true,
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {"0:all are replayed", "1:no sidecar answers", "2:at least one cannot be replayed; why is told"})
  static final class Replay implements Callable<Integer> {
    @ParentCommand private CallbacksCommand callbacks;
    @Mixin private SettingsOptions options;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "Ids, as `reelway callbacks` lists them.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--dead", description = "All that were given up, at most " + LIST + " at a time, oldest first.")
    private boolean dead;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      if (ids.isEmpty() == !dead) {
        throw new InputFailure("name ids, or --dead for all that were given up");
      }
      RunningSidecar sidecar = new RunningSidecar(options.within(callbacks.options).load(Set.of()));
      List<String> wanted = dead ? given(sidecar) : ids;
      if (wanted.isEmpty()) {
        spec.commandLine().getOut().println("none was given up");
      }
      boolean all = true;
      for (String id : wanted) {
        all &= replay(sidecar, id);
      }
      return all ? 0 : CommandLineProgram.USAGE;
    }

    private static List<String> given(RunningSidecar sidecar) {
      List<String> ids = new ArrayList<>();
      for (JsonNode row : sidecar.api("GET", "/callbacks?state=dead&limit=" + LIST).path("callbacks")) {
        ids.add(0, row.path("id").asText());
      }
      return ids;
    }

    private boolean replay(RunningSidecar sidecar, String id) {
      try {
        JsonNode row = sidecar.api("POST", "/callbacks/" + encoded(id) + "/replay");
        spec.commandLine().getOut()
            .println("replayed " + id + " (" + row.path("type").asText() + ", " + row.path("about").asText() + ")");
        return true;
      } catch (InputFailure e) {
        spec.commandLine().getErr().println("not replayed: " + e.getMessage());
        return false;
      }
    }
  }
}
