package org.reelway.live.dash;

import java.util.List;

/**
 * A segment at its place in the published presentation.
 *
 * @param of track that it is from, which gives its times their meaning
 * @param start of its period, in nanoseconds
 */
record PlacedSegment(Segment segment, DashTrack of, long start) {

  /** Nanoseconds of the presentation. */
  long at() {
    return start + of.at(segment.time());
  }

  long end() {
    return start + of.at(segment.end());
  }

  /** Half of its length: what is nearer than that is the same, as packagers round. */
  long slack() {
    return Math.max(1, (end() - at()) / 2);
  }

  /** Its time in another track's units, in a period that starts elsewhere. */
  long timeIn(DashTrack track, long periodStart) {
    boolean same = track.timescale() == of.timescale() && periodStart == start;
    return same
        ? segment.time() - of.offset() + track.offset()
        : MpdTime.ticks(at() - periodStart, track.timescale()) + track.offset();
  }

  long durationIn(DashTrack track) {
    return track.timescale() == of.timescale()
        ? segment.duration()
        : MpdTime.ticks(end() - at(), track.timescale());
  }

  static List<PlacedSegment> all(DashTrack track, long start) {
    return track.segments().stream().map(segment -> new PlacedSegment(segment, track, start)).toList();
  }
}
