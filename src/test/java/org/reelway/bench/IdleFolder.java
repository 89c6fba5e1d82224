package org.reelway.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.RecordingId;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.state.StateDatabase;
import org.reelway.state.StateWriter;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.TestStore;

/**
 * What a folder full of recordings that were sent long ago costs a sidecar that has nothing to do. Run by hand from the
 * project's folder:
 *
 * <p>{@code java -cp target/test-classes:target/classes:… org.reelway.bench.IdleFolder [FOLDERS FILES [SECONDS [XMX]]]}
 */
public final class IdleFolder {
  private static final double TICKS_PER_SECOND = 100;

  private IdleFolder() {}

  /** Without arguments: one folder of 100,000 files, then 10,000 folders of 10 files. */
  public static void main(String[] arguments) throws Exception {
    int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 60;
    String heap = arguments.length > 3 ? arguments[3] : "96m";
    if (arguments.length > 1) {
      measure(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), seconds, heap);
      return;
    }
    measure(1, 100_000, seconds, heap);
    measure(10_000, 10, seconds, heap);
  }

  private static void measure(int folders, int files, int seconds, String heap) throws Exception {
    Path place = Files.createTempDirectory("idle-folder");
    try (TestStore store = TestStore.start(place.resolve("store"))) {
      sent(place, folders, files);
      long begun = System.nanoTime();
      try (ChildReelway child =
          ChildReelway.sidecar(place, store.endpoint())
              .set("reelway.recordings.settle-time", "2m")
              .set("reelway.recordings.rescan-every", "15s")
              .environment("REELWAY_JAVA_OPTS", "-Xmx" + heap)
              .startReady()) {
        double ready = (System.nanoTime() - begun) / 1e9;
        double startCpu = cpuSeconds(child);
        // Beyond the looks that follow a start.
        Thread.sleep(Duration.ofSeconds(35).toMillis());
        double before = cpuSeconds(child);
        Thread.sleep(Duration.ofSeconds(seconds).toMillis());
        double idle = (cpuSeconds(child) - before) / seconds * 100;
        System.out.printf(
            "%,d folders of %,d files: ready after %.1f s with %.1f CPU s; idle CPU %.2f %% of a core over %d s; %s%n",
            folders, files, ready, startCpu, idle, seconds, memory(child));
        System.out.println(child.http().get("/folders").body());
      }
    } finally {
      delete(place);
    }
  }

  /** The files, and the history that says that they were sent. */
  private static void sent(Path place, int folders, int files) throws IOException {
    Path root = Files.createDirectories(place.resolve("recordings")).toRealPath();
    Path state = Files.createDirectories(place.resolve("state"));
    StateDatabase database = StateDatabase.open(state, Clock.systemUTC());
    try (StateWriter writer = new StateWriter(database.jdbi())) {
      RecordingHistory history = new RecordingHistory(database.jdbi(), writer, Clock.systemUTC());
      for (int i = 0; i < folders; i++) {
        Path folder = folders == 1 ? root : Files.createDirectory(root.resolve("folder-" + i));
        for (int j = 0; j < files; j++) {
          Path file = Files.writeString(folder.resolve("recording-" + j + ".mp4"), "x", StandardCharsets.UTF_8);
          String id = RecordingId.of(file, FileIdentity.of(file));
          history.found(id, file.toString(), root.relativize(file).toString(), 1, null, null);
          history.state(id, RecordingState.DONE, "tidied: kept");
        }
      }
    }
  }

  /** User and system time of the process. */
  private static double cpuSeconds(ChildReelway child) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + child.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  private static String memory(ChildReelway child) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/" + child.pid() + "/status"))) {
      if (line.startsWith("VmHWM") || line.startsWith("VmRSS")) {
        lines.add(line.replaceAll("\\s+", " "));
      }
    }
    return String.join(", ", lines);
  }

  private static void delete(Path place) throws IOException {
    try (var all = Files.walk(place)) {
      all.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }
}
