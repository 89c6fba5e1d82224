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
import org.reelway.settings.Settings;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reelway release}: recordings that were set aside are sent again. */
@Command(
    name = "release",
    description = {
      "Sends recordings again that were set aside, once what was wrong with them is mended.",
      "Asks the sidecar that runs with the same settings."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:released; with --all also where some cannot be, which is told", "1:no sidecar answers",
      "2:one of the ids cannot be released; why is told"
    })
final class ReleaseCommand implements Callable<Integer> {
  /** The most that one list of the API tells. */
  private static final int LIST = 1000;

  @Mixin private SettingsOptions options;

  @ArgGroup(multiplicity = "1") private Which which;

  @Spec private CommandSpec spec;

  private static final class Which {
    @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids, as GET /recordings?state=set-aside lists them.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--all", description = "All that are set aside, at most " + LIST + " at a time.")
    private boolean all;
  }

  @Override
  public Integer call() {
    Settings settings = options.load(Set.of());
    RunningSidecar sidecar = new RunningSidecar(settings);
    List<String> ids = which.all ? setAside(sidecar) : which.ids;
    if (ids.isEmpty()) {
      out().println("nothing is set aside");
    }
    boolean all = true;
    for (String id : ids) {
      all &= release(sidecar, id);
    }
    return all || which.all ? 0 : CommandLineProgram.USAGE;
  }

  private static List<String> setAside(RunningSidecar sidecar) {
    List<String> ids = new ArrayList<>();
    for (JsonNode recording : sidecar.api("GET", "/recordings?state=set-aside&limit=" + LIST).path("recordings")) {
      ids.add(recording.path("id").asText());
    }
    return ids;
  }

  /** One that cannot be released keeps none of the others waiting. */
  private boolean release(RunningSidecar sidecar, String id) {
    try {
      String path = "/recordings/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20") + "/release";
      JsonNode released = sidecar.api("POST", path);
      out().println("released " + released.path("file").asText());
      return true;
    } catch (InputFailure e) {
      spec.commandLine().getErr().println("not released: " + e.getMessage());
      return false;
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
