package org.reelway.app;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reelway release}: recordings that were set aside are sent again. */
@Command(
    name = "release",
    description = {
      "Sends recordings again that were set aside, once what was wrong with them is mended.",
      "Asks the sidecar that runs with the same settings."
    },
    exitCodeList = {
      "0:released; with --all also where some cannot be, which is told", "1:no sidecar answers",
      "2:one of the ids cannot be released; why is told"
    })
final class ReleaseCommand extends SidecarCommand {
  @ArgGroup(multiplicity = "1") private Which which;

  private static final class Which {
    @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids, as GET /recordings?state=set-aside lists them.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--all", description = "All that are set aside, at most " + LIST + " at a time.")
    private boolean all;
  }

  @Override
  int ask(RunningSidecar sidecar) {
    List<String> ids =
        which.all
            ? ids(sidecar.api("GET", "/recordings?state=set-aside&limit=" + LIST).path("recordings"))
            : which.ids;
    if (ids.isEmpty()) {
      out().println("nothing is set aside");
    }
    boolean all =
        forEach(
            ids,
            id -> "released " + sidecar.api("POST", "/recordings/" + encoded(id) + "/release").path("file").asText(),
            "not released");
    return all || which.all ? 0 : CommandLineProgram.USAGE;
  }
}
