package org.reelway.stream.recorder;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/**
 * One time that goes on, from clocks of senders that do not: they begin anew, are set, or lose an hour. All tracks of a stream
 * jump together, though not at the very same tag; by whatever one was shifted the other one is shifted too. Used by one thread.
 */
final class FlvTimeline {
  /** Times go back a little where a sender puts pictures and sounds in order. */
  private static final long BACK = 300;
  private static final long FORWARD = 10_000;
  private static final long NEAR = 2_000;
  private static final long USUAL_STEP = 40;
  private static final long LONGEST_STEP = 1_000;
  private static final int MOST_SHIFTS = 4;
  private static final long BEGINNING = 1_000;

  private final Map<FlvTag.Kind, Track> tracks = new EnumMap<>(FlvTag.Kind.class);
  private final Deque<Long> shifts = new ArrayDeque<>();
  private long latest;
  private long arrived;
  private int jumps;

  private static final class Track {
    private long shift;
    private long placed;
    private long step = USUAL_STEP;
  }

  /**
   * The tag's time, in milliseconds.
   *
   * @param now when it came, in milliseconds since any moment
   */
  long place(FlvTag tag, long now) {
    if (shifts.isEmpty()) {
      shifts.add(BEGINNING - tag.millis());
      latest = BEGINNING;
      arrived = now;
    }
    long waited = Math.max(0, now - arrived);
    Track track = tracks.get(tag.kind());
    if (track == null) {
      track = new Track();
      track.shift = shifts.getFirst();
      track.placed = latest - NEAR;
      tracks.put(tag.kind(), track);
    }
    long time = tag.millis() + track.shift;
    if (!follows(time, track, waited)) {
      track.shift = shift(tag.millis(), track, waited);
      time = tag.millis() + track.shift;
    } else if (time > track.placed && time - track.placed < LONGEST_STEP) {
      track.step = time - track.placed;
    }
    track.placed = time;
    latest = Math.max(latest, time);
    arrived = now;
    return Math.max(0, time);
  }

  /** One that was silent for long is no jump where the others went on, or where it was waited for. */
  private boolean follows(long time, Track track, long waited) {
    return time >= track.placed - BACK && time <= latest + FORWARD + 2 * waited;
  }

  private long shift(long raw, Track track, long waited) {
    for (long known : shifts) {
      long time = raw + known;
      if (known != track.shift && time >= track.placed - BACK && Math.abs(time - latest) < NEAR) {
        return known;
      }
    }
    jumps++;
    long made = latest + Math.max(track.step, Math.min(waited, FORWARD)) - raw;
    shifts.addFirst(made);
    if (shifts.size() > MOST_SHIFTS) {
      shifts.removeLast();
    }
    return made;
  }

  /** How often the sender's clock jumped. */
  int jumps() {
    return jumps;
  }
}
