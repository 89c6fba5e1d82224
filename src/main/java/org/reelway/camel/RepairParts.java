package org.reelway.camel;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.media.repair.MediaRepair;
import org.reelway.recording.IntakeObserver;
import org.reelway.recording.Markers;
import org.reelway.settings.RepairSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import org.reelway.state.RecordingHistory;
import org.reelway.transfer.flow.FinishedRecordings;
import org.reelway.transfer.flow.RepairFlow;
import org.reelway.transfer.flow.WatchedFolders;
import org.reelway.transfer.observe.RepairMetrics;

/** Puts the parts of the repair of recordings together from the settings. */
final class RepairParts {
  private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(5);
  private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
  private static final int LOOKS = 12;
  /** Generous: at the lowest priority, on a busy machine. */
  private static final Duration DEADLINE = Duration.ofHours(4);

  private RepairParts() {}

  /** Empty where repair is switched off. */
  static Optional<RepairFlow> make(
      Settings settings,
      WatchedFolders folders,
      Markers markers,
      Path markersFolder,
      FinishedRecordings finished,
      IntakeObserver observer,
      RecordingHistory history,
      MeterRegistry metrics) {
    Duration after = settings.get(RepairSettings.AFTER);
    if (after.isZero()) {
      return Optional.empty();
    }
    Path state = settings.get(StateSettings.FOLDER).toAbsolutePath();
    return Optional.of(
        RepairFlow.of(
            after,
            settings.get(RepairSettings.SUFFIX),
            state.resolve("repair"),
            markersFolder,
            folders,
            markers,
            finished,
            observer,
            history,
            () -> new MediaRepair(new BackgroundFfmpeg(programs(state), DEADLINE)),
            new RepairMetrics(metrics),
            Clock.systemUTC()));
  }

  /** Unpacked only when something is to be repaired. */
  static FfmpegPrograms programs(Path state) {
    Path home = Path.of(System.getProperty("reelway.home", "."));
    return FfmpegPrograms.shipped(home.resolve("ffmpeg"), state.resolve("ffmpeg"));
  }

  /** Often enough for several looks within the waiting time, seldom enough to cost nothing. */
  static Duration lookEvery(Settings settings) {
    Duration after = settings.get(RepairSettings.AFTER);
    Duration wanted = after.dividedBy(LOOKS);
    if (after.isZero() || wanted.compareTo(LONGEST_INTERVAL) > 0) {
      return LONGEST_INTERVAL;
    }
    return wanted.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : wanted;
  }
}
