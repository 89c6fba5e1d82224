package org.reelway.live.dash;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.reelway.live.PlaylistFolder;

/**
 * What has come of the segments that a manifest does not list: those whose files are there, up to the last one that is
 * complete. The clock alone is no evidence, as encoders start late, stall, and run ahead.
 */
final class OpenRuns {
  private static final long AHEAD = 32;
  private static final Duration SETTLED = Duration.ofSeconds(1);

  private final Mpd origin;
  private final long most;
  private final Map<String, Run> runs;

  /** Indexes of segments; {@code to} is less than {@code from} for none. @param seen whether any file was found */
  private record Run(long from, long to, boolean seen) {}

  private OpenRuns(Mpd origin, long most, Map<String, Run> runs) {
    this.origin = origin;
    this.most = most;
    this.runs = runs;
  }

  /** Before anybody looked. @param most segments that one run may have */
  static OpenRuns of(Mpd origin, long most) {
    return new OpenRuns(origin, most, Map.of());
  }

  boolean isEmpty() {
    return origin.periods().stream().flatMap(period -> period.tracks().stream()).allMatch(track -> track.open() == null);
  }

  /** What there is now; itself where that is the same. */
  OpenRuns look(PlaylistFolder beside) {
    Map<String, Run> next = new HashMap<>();
    for (MpdPeriod period : origin.periods()) {
      for (DashTrack track : period.tracks()) {
        if (track.open() != null) {
          Run before = runs.get(name(period, track));
          next.put(
              name(period, track),
              track.open().count() >= 0 && !origin.isDynamic()
                  ? bounded(track, before, beside)
                  : growing(period, track, before, beside));
        }
      }
    }
    return next.equals(runs) ? this : new OpenRuns(origin, most, next);
  }

  private static String name(MpdPeriod period, DashTrack track) {
    return period.key() + "\n" + track.key();
  }

  /** All up to the end; segments at the beginning that are gone are none. */
  private Run bounded(DashTrack track, Run before, PlaylistFolder beside) {
    long from = before == null ? 0 : before.from();
    long last = track.open().count() - 1;
    if (before == null || !before.seen()) {
      while (from <= last && from < most && !isThere(track, from, beside)) {
        from++;
      }
      if (from > last || from == most) {
        return new Run(0, last < most ? last : -1, false);
      }
    }
    return new Run(Math.max(from, last - most + 1), last, true);
  }

  private Run growing(MpdPeriod period, DashTrack track, Run before, PlaylistFolder beside) {
    long clock = completeByClock(period, track, beside.now());
    long depth =
        origin.window()
            .map(nanos -> Math.min(most, nanos / Math.max(1, MpdTime.nanos(track.open().duration(), track.timescale())) + 1))
            .orElse(most);
    if (before == null || !before.seen()) {
      long first = first(track, clock, depth, beside);
      if (first < 0) {
        long expected = Math.max(0, clock - depth);
        return clock > 0 ? new Run(expected, expected, false) : new Run(0, -1, false);
      }
      before = new Run(first, first - 1, true);
    }
    long to = last(track, before.to(), clock, beside);
    long from = Math.max(before.from(), to - depth + 1);
    while (from < to && !isThere(track, from, beside)) {
      from++;
    }
    return new Run(from, to, true);
  }

  /** @return index of the oldest segment whose file is there, or -1 */
  private long first(DashTrack track, long clock, long depth, PlaylistFolder beside) {
    for (long i = Math.max(0, clock - depth); i < clock + AHEAD && inRun(track, i); i++) {
      if (isThere(track, i, beside)) {
        return i;
      }
    }
    return -1;
  }

  private long last(DashTrack track, long before, long clock, PlaylistFolder beside) {
    long to = before;
    for (long i = to + 1; i <= to + AHEAD && inRun(track, i); i++) {
      if (isComplete(track, i, clock, beside)) {
        to = i;
      }
    }
    return to;
  }

  private static boolean inRun(DashTrack track, long index) {
    return track.open().count() < 0 || index < track.open().count();
  }

  /** The next one has begun, also under the name that ffmpeg gives it while it is written, or it is due and at rest. */
  private static boolean isComplete(DashTrack track, long index, long clock, PlaylistFolder beside) {
    String uri = track.openSegment(index).media().uri();
    var written = beside.written(uri);
    if (written.isEmpty()) {
      return false;
    }
    String next = track.openSegment(index + 1).media().uri();
    return index < clock && written.get().plus(SETTLED).isBefore(beside.now())
        || beside.written(next).isPresent()
        || beside.written(next + ".tmp").isPresent();
  }

  private static boolean isThere(DashTrack track, long index, PlaylistFolder beside) {
    return beside.written(track.openSegment(index).media().uri()).isPresent();
  }

  /** How many segments the clock says there are; 0 where there is nothing to count from. */
  private long completeByClock(MpdPeriod period, DashTrack track, Instant now) {
    if (origin.availabilityStart().isEmpty()) {
      return 0;
    }
    long begun = period.start() + track.at(track.open().time());
    Duration since = Duration.between(origin.availabilityStart().get(), now);
    if (since.isNegative() || since.toDays() > 36_500) {
      return 0;
    }
    return Math.max(0, (since.toNanos() - begun) / Math.max(1, MpdTime.nanos(track.open().duration(), track.timescale())));
  }

  /** The manifest with these segments as if it listed them. */
  Mpd closed() {
    if (isEmpty()) {
      return origin;
    }
    List<MpdPeriod> periods = new ArrayList<>();
    for (MpdPeriod period : origin.periods()) {
      List<DashTrack> tracks = new ArrayList<>();
      for (DashTrack track : period.tracks()) {
        Run run = runs.get(name(period, track));
        tracks.add(run == null ? track : track.closed(run.from(), run.to()));
      }
      periods.add(new MpdPeriod(period.element(), period.key(), period.start(), period.end(), tracks));
    }
    return new Mpd(origin.root(), periods);
  }

  /**
   * A manifest of ours, which means all that it says.
   *
   * @throws org.reelway.failure.InputFailure where it goes on for ever
   */
  static Mpd published(Mpd origin, long most) {
    Map<String, Run> runs = new HashMap<>();
    for (MpdPeriod period : origin.periods()) {
      for (DashTrack track : period.tracks()) {
        if (track.open() != null && (track.open().count() < 0 || track.open().count() > most)) {
          throw new org.reelway.failure.InputFailure("the manifest does not say which segments there are");
        }
        if (track.open() != null) {
          runs.put(name(period, track), new Run(0, track.open().count() - 1, true));
        }
      }
    }
    return new OpenRuns(origin, most, runs).closed();
  }
}
