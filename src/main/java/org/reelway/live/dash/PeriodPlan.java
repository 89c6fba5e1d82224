package org.reelway.live.dash;

import java.util.List;

/**
 * What is published of a period.
 *
 * @param id that it has in the store; null for its own
 * @param start nanoseconds, as published
 */
record PeriodPlan(MpdPeriod period, String id, long start, List<TrackPlan> tracks) {
  PeriodPlan {
    tracks = List.copyOf(tracks);
  }
}
