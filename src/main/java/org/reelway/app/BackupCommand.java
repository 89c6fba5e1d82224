package org.reelway.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reelway backup}: what waits in the backup store, and bringing it back now. */
@Command(
    name = "backup",
    description = {
      "Lists the recordings that wait in the backup store until the primary can take them.",
      "Asks the sidecar that runs with the same settings."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:told", "1:no sidecar answers", "2:there is no backup to bring back from"})
final class BackupCommand implements Callable<Integer> {
  @Mixin private SettingsOptions options;

  @Option(names = "--bring-back", description = "Begin bringing them back within seconds.")
  private boolean bringBack;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    RunningSidecar sidecar = new RunningSidecar(options.load(Set.of()));
    JsonNode answer = bringBack ? sidecar.api("POST", "/backup/bring-back") : sidecar.api("GET", "/backup");
    long recordings = answer.path("recordings").asLong();
    if (!answer.path("on").asBoolean() && recordings == 0) {
      out().println("there is no backup; reelway.backup.bucket would name its bucket");
    } else if (recordings == 0) {
      out().println("nothing waits in the backup");
    } else {
      print(answer, recordings);
    }
    return 0;
  }

  private void print(JsonNode answer, long recordings) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode copy : answer.path("waiting")) {
      rows.add(
          List.of(
              copy.path("id").asText(),
              copy.path("since").asText(),
              copy.path("size").asText(),
              place(copy.path("in")),
              place(copy.path("belongs")),
              copy.path("problem").asText()));
    }
    out().println(
        new ConsoleTable(List.of("id", "since", "bytes", "is in", "belongs in", "problem"), rows).text());
    out().println(
        recordings + " recordings of " + answer.path("bytes").asLong() + " bytes wait in the backup"
            + (bringBack ? "; they are brought back as soon as the primary takes them" : ""));
  }

  private static String place(JsonNode place) {
    return place.path("bucket").asText() + "/" + place.path("key").asText();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
