package org.reelway.live.dash;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Segments of one track by their place in the presentation. */
final class Timeline {
  private final NavigableMap<Long, PlacedSegment> byTime = new TreeMap<>();

  Timeline(List<PlacedSegment> segments) {
    segments.forEach(segment -> byTime.putIfAbsent(segment.at(), segment));
  }

  /** The one at the same place, but for rounding. */
  Optional<PlacedSegment> at(PlacedSegment segment) {
    var floor = byTime.floorEntry(segment.at() + segment.slack());
    return Optional.ofNullable(floor)
        .map(entry -> entry.getValue())
        .filter(found -> Math.abs(found.at() - segment.at()) < Math.min(segment.slack(), found.slack()) + 1);
  }

  /** Whether the segment lies before the last one. */
  boolean isPast(PlacedSegment segment) {
    return !byTime.isEmpty() && segment.at() < byTime.lastKey() - segment.slack();
  }

  /** Whether segments up to this one are all that there was, and maybe more. */
  boolean isReachedBy(PlacedSegment segment) {
    return byTime.isEmpty() || segment.at() >= byTime.lastKey() - segment.slack();
  }

  boolean isEmpty() {
    return byTime.isEmpty();
  }
}
