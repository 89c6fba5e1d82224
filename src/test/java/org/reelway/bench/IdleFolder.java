package org.reelway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.RecordingId;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.state.StateDatabase;
import org.reelway.state.StateWriter;

/** What 100,000 files that were sent long ago cost a sidecar that has nothing to do, in one folder and in many. */
final class IdleFolder implements Section {
  private static final String NAME = "idle: files that were sent long ago";
  private static final int FILES = 100_000;
  private static final int FOLDERS = 10_000;
  /** The looks right after a start are dearer, and not what an idle sidecar costs. */
  private static final Duration SETTLED = Duration.ofSeconds(35);
  /** As shipped: files without a marker are candidates, and a look is due every 15 seconds. */
  private static final Map<String, String> AS_SHIPPED =
      Map.of("reelway.recordings.settle-time", "2m", "reelway.recordings.rescan-every", "15s");

  private final Workload workload;
  private final SinkProcess sink;
  private final Report report;
  private final Duration window;

  /** @param window over which CPU time is taken */
  IdleFolder(Workload workload, SinkProcess sink, Report report, Duration window) {
    this.workload = workload;
    this.sink = sink;
    this.report = report;
    this.window = window;
  }

  @Override
  public void measure() throws Exception {
    measure("no file", 1, 0);
    measure("100,000 files in one folder", 1, FILES);
    measure("100,000 files in 10,000 folders", FOLDERS, FILES / FOLDERS);
  }

  private void measure(String what, int folders, int files) throws Exception {
    Path home = workload.folder("sidecar");
    try {
      sent(home, folders, files);
      try (SidecarRun sidecar = SidecarRun.start(home, sink, Scheme.HTTP, AS_SHIPPED)) {
        Thread.sleep(SETTLED.toMillis());
        Cost cost = sidecar.idle(window);
        String share = Row.number("%.2f", cost.cpuSeconds() / cost.wallSeconds() * 100) + " % of a core";
        String ready = Row.number("%.1f", sidecar.start().wallSeconds()) + " s until ready";
        report.add(new Row(NAME, "Reelway, " + what, "-", 0, cost, share + "; " + ready));
      }
    } finally {
      workload.remove(home);
    }
  }

  /** The files, and the history that says that they were sent. */
  private static void sent(Path home, int folders, int files) throws IOException {
    Path root = Files.createDirectories(home.resolve("recordings")).toRealPath();
    Path state = Files.createDirectories(home.resolve("state"));
    StateDatabase database = StateDatabase.open(state, Clock.systemUTC());
    try (StateWriter writer = new StateWriter(database.jdbi())) {
      RecordingHistory history = new RecordingHistory(database.jdbi(), writer, Clock.systemUTC(), "here");
      for (int i = 0; i < folders; i++) {
        Path folder = folders == 1 ? root : Files.createDirectory(root.resolve("folder-" + i));
        for (int j = 0; j < files; j++) {
          Path file = Files.writeString(folder.resolve("recording-" + j + ".mp4"), "x");
          String id = RecordingId.of(file, FileIdentity.of(file));
          history.found(id, file.toString(), root.relativize(file).toString(), 1, null, null);
          history.state(id, RecordingState.DONE, "tidied: kept");
        }
      }
    }
  }
}
