package org.reelway.live.dash;

import java.util.List;

/** Writes the entries of a {@code SegmentTimeline}. */
final class TimelineText {
  private TimelineText() {}

  /** @param lead white space before each entry; @param prefix of element names */
  static String of(DashTrack track, List<PlacedSegment> segments, long periodStart, String lead, String prefix) {
    StringBuilder text = new StringBuilder();
    long next = -1;
    int at = 0;
    while (at < segments.size()) {
      long time = segments.get(at).timeIn(track, periodStart);
      long duration = segments.get(at).durationIn(track);
      int last = at;
      while (last + 1 < segments.size()
          && segments.get(last + 1).durationIn(track) == duration
          && segments.get(last + 1).timeIn(track, periodStart) == time + (last + 1 - at) * duration) {
        last++;
      }
      text.append(lead).append('<').append(prefix).append('S');
      if (time != next) {
        text.append(" t=\"").append(time).append('"');
      }
      text.append(" d=\"").append(duration).append('"');
      if (last > at) {
        text.append(" r=\"").append(last - at).append('"');
      }
      text.append("/>");
      next = time + (last + 1 - at) * duration;
      at = last + 1;
    }
    return text.toString();
  }
}
