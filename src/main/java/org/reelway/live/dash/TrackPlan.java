package org.reelway.live.dash;

import java.util.List;

/**
 * What is published of a representation.
 *
 * @param kept its segments, in order
 * @param leftOut whether there is nothing of it, and will be nothing, so that it is not named at all
 */
record TrackPlan(DashTrack track, List<PlacedSegment> kept, boolean leftOut) {
  TrackPlan {
    kept = List.copyOf(kept);
  }

  /** Whether the manifest says just that already. */
  boolean isAsWritten() {
    return !leftOut && kept.size() == track.segments().size() && isPrefix() && track.isAsListed();
  }

  /** Whether the kept segments are the manifest's first ones. */
  boolean isPrefix() {
    for (int i = 0; i < kept.size(); i++) {
      if (i >= track.segments().size() || kept.get(i).segment() != track.segments().get(i)) {
        return false;
      }
    }
    return true;
  }
}
