package org.reelway.camel;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Comparator;
import org.reelway.recording.FolderStatus;
import org.reelway.recording.WatchMode;
import org.reelway.transfer.flow.WatchedFolders;

/** How folders are watched, in numbers. */
final class FolderGauges {
  private FolderGauges() {}

  static void register(WatchedFolders folders, MeterRegistry metrics) {
    for (WatchMode.Kind kind : WatchMode.Kind.values()) {
      Gauge.builder("reelway.folders", folders, all -> count(all, kind))
          .tag("mode", kind.word())
          .description("Recordings folders, by how new files in them come to be known")
          .register(metrics);
    }
    Gauge.builder("reelway.folders.look.seconds", folders, FolderGauges::longest)
        .description("Time that the last look at a folder took; the longest of all folders")
        .register(metrics);
    Gauge.builder("reelway.folders.overflows", folders, FolderGauges::overflows)
        .description("Times that the system had more file events to tell than it could keep")
        .register(metrics);
  }

  private static long count(WatchedFolders folders, WatchMode.Kind kind) {
    return folders.statuses().stream().filter(status -> status.mode().kind() == kind).count();
  }

  private static double longest(WatchedFolders folders) {
    Duration longest =
        folders.statuses().stream()
            .map(FolderStatus::lastLookTook)
            .max(Comparator.naturalOrder())
            .orElse(Duration.ZERO);
    return longest.toMillis() / 1000.0;
  }

  private static long overflows(WatchedFolders folders) {
    return folders.statuses().stream().mapToLong(FolderStatus::overflows).sum();
  }
}
