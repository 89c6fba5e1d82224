package org.reelway.recording;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;

/** Watches a folder in a process whose share of the system's watches a test has cut, and tells what becomes of it. */
final class LimitedWatch {
  private LimitedWatch() {}

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    MarkerQueue queue = new MarkerQueue(Clock.systemUTC());
    FolderIntake intake =
        new FolderIntake(
            RecordingFolder.of(root, Path.of(arguments[1])),
            new Markers(Path.of(arguments[1]), Clock.systemUTC()),
            queue,
            Set.of(),
            Duration.ZERO,
            id -> false,
            (recording, by, stream) -> {},
            new SteadyClock());
    // Looks may take all the time: one that a busy machine makes slow has the next one wait no longer.
    FolderWatch.Pace pace = new FolderWatch.Pace(Duration.ofHours(1), Duration.ofSeconds(1), Duration.ofMillis(100), 1);
    try (FolderWatch watch = FolderWatch.start(intake, FolderEvents::ofSystem, pace)) {
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> watch.status().mode().reason().contains("raise"));
      System.out.println(watch.status().mode().kind() + " " + watch.status().mode().reason());
      for (int i = 0; i < 4; i++) {
        Path media = Files.writeString(root.resolve("sub-" + i + "/a.mp4"), "media");
        Files.deleteIfExists(MarkerName.of(media));
        Files.writeString(MarkerName.of(media), "");
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> queue.contains(media));
      }
      System.out.println("found");
    }
  }
}
