package org.reelway.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.reelway.camel.ConfiguredStore;
import org.reelway.failure.InputFailure;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingFolder;
import org.reelway.settings.JanitorSettings;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import org.reelway.settings.StoreSettings;
import org.reelway.state.BegunUploads;
import org.reelway.state.InstanceId;
import org.reelway.state.RecordingHistory;
import org.reelway.state.StateDatabase;
import org.reelway.state.StateWriter;
import org.reelway.transfer.audit.Janitor;
import org.reelway.transfer.audit.JanitorReport;
import org.reelway.transfer.audit.LivingMarkers;
import org.reelway.transfer.audit.UploadFinding;
import org.reelway.transfer.audit.UploadFinding.Kind;
import org.reelway.transfer.store.Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code reelway janitor}: what the sidecar does every night, shown or done now. */
@Command(
    name = "janitor",
    description = {
      "Lists old unfinished uploads in the bucket: those that Reelway began and nothing goes on with, and others.",
      "With --abort, the former are aborted, and never any other. The sidecar does that every night; may run beside it."
    },
    exitCodeList = {"0:done", "1:an abort failed, or the bucket could not be listed", "2:the settings are wrong"})
final class JanitorCommand extends SettingsCommand {
  @Mixin private StoreOption which;

  @Option(names = "--abort", description = "Abort what is ours and stale (default: only tell what would be aborted).")
  private boolean abort;

  @Override
  public Integer call() {
    Settings settings = settings(StoreSettings.BUCKET);
    Path state = settings.get(StateSettings.FOLDER).toAbsolutePath();
    if (!settings.isSet(StateSettings.URL) && !Files.isRegularFile(state.resolve("reelway.db"))) {
      throw new InputFailure(
          "no state is in " + state + ": without it no upload is known to be ours; run this where the sidecar runs, or"
              + " correct reelway.state.folder");
    }
    Clock clock = Clock.systemUTC();
    String node = InstanceId.ofNode(settings);
    ConfiguredStore configured = which.configured(settings);
    try (StateDatabase database = StateDatabase.open(settings, clock);
        Store store = configured.connect();
        StateWriter writer = new StateWriter(database.jdbi())) {
      Path markersFolder = state.resolve("markers");
      List<RecordingFolder> folders =
          settings.get(RecordingSettings.FOLDER).stream()
              .map(folder -> RecordingFolder.of(folder, markersFolder))
              .toList();
      LivingMarkers markers =
          new LivingMarkers(
              new Markers(state.resolve("set-aside"), clock),
              markersFolder,
              new RecordingHistory(database.jdbi(), writer, clock, node),
              () -> folders,
              underWayElsewhere -> false);
      JanitorReport report =
          new Janitor(
                  store, configured.bucket(), configured.keyPrefix(), new BegunUploads(database.jdbi(), writer, clock, node),
                  markers, settings.get(JanitorSettings.AFTER), clock)
              .work(!abort);
      print(report);
      return report.notListed() == null && report.count(Kind.FAILED) == 0 ? 0 : CommandLineProgram.FAILED;
    }
  }

  private void print(JanitorReport report) {
    if (!report.uploads().isEmpty()) {
      List<List<String>> rows = report.uploads().stream().map(JanitorCommand::row).toList();
      out().println(new ConsoleTable(List.of("what", "begun", "upload", "key", "why"), rows).text());
    }
    out().println(
        report.count(abort ? Kind.ABORTED : Kind.STALE) + (abort ? " aborted, " : " would be aborted (--abort), ")
            + report.count(Kind.KEPT) + " kept, " + report.count(Kind.PROBABLY_OURS) + " probably ours, "
            + report.count(Kind.UNKNOWN) + " unknown");
    if (report.notListed() != null) {
      out().println("the bucket's unfinished uploads cannot be listed: " + report.notListed());
    }
    out().println(report.lifecycle().words());
  }

  private static List<String> row(UploadFinding upload) {
    String id = upload.uploadId() == null ? "" : upload.uploadId();
    return List.of(upload.kind(), upload.begun().toString(), id, upload.key(), upload.why());
  }
}
