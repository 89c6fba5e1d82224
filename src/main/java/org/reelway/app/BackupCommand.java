package org.reelway.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reelway backup}: what waits in the backup store, and bringing it back now. */
@Command(
    name = "backup",
    description = {
      "Lists the recordings that wait in the backup store until the primary can take them.",
      "Asks the sidecar that runs with the same settings."
    },
    exitCodeList = {"0:told", "1:no sidecar answers", "2:there is no backup to bring back from"})
final class BackupCommand extends SidecarCommand {
  @Option(names = "--bring-back", description = "Begin bringing them back within seconds.")
  private boolean bringBack;

  @Override
  int ask(RunningSidecar sidecar) {
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
    table(
        List.of("id", "since", "bytes", "is in", "belongs in", "problem"), answer.path("waiting"),
        "/id", "/since", "/size", "/in", "/belongs", "/problem");
    out().println(
        recordings + " recordings of " + answer.path("bytes").asLong() + " bytes wait in the backup"
            + (bringBack ? "; they are brought back as soon as the primary takes them" : ""));
  }
}
