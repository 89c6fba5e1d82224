package org.reelway.live.dash;

import java.util.List;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.live.xml.XmlElement;

/** Reads a {@code SegmentTimeline} (5.3.9.6): what its {@code S} say of the segments, one by one. */
final class TimelineReader {
  private final List<XmlElement> entries;
  private final long until;
  private final SegmentBudget budget;
  private long number;
  private long time;

  /** What a timeline has. */
  interface Each {
    void segment(long number, long time, long duration);
  }

  /** @param until end of the period, in units of the timescale; -1 where it is not known */
  TimelineReader(XmlElement timeline, long first, long until, SegmentBudget budget) {
    this.entries = timeline.children("S").toList();
    this.number = first;
    this.until = until;
    this.budget = budget;
  }

  /** @return the rest that goes on for ever; null for none */
  OpenRun read(Each each) {
    for (int i = 0; i < entries.size(); i++) {
      XmlElement entry = entries.get(i);
      long duration = value(entry, "d").orElse(-1L);
      // nginx-rtmp ends a stream with a segment of no length.
      if (duration < 0 || duration == 0 && value(entry, "r").orElse(0L) != 0) {
        throw new InputFailure("the manifest has an S without a duration (d), or with one of nothing that is repeated");
      }
      time = value(entry, "t").orElse(time);
      number = value(entry, "n").orElse(number);
      long repeats = value(entry, "r").orElse(0L);
      if (repeats < 0) {
        long end = i + 1 < entries.size() ? next(entries.get(i + 1)) : until;
        if (end < 0) {
          return new OpenRun(number, time, duration, -1);
        }
        repeats = Math.max(0, (end - time + duration - 1) / duration - 1);
      }
      budget.take(Math.addExact(repeats, 1));
      for (long k = 0; k <= repeats; k++) {
        each.segment(number++, time, duration);
        time = Math.addExact(time, duration);
      }
    }
    return null;
  }

  private static long next(XmlElement entry) {
    return value(entry, "t")
        .orElseThrow(() -> new InputFailure("the manifest has an S without a time (t) behind one with r=\"-1\""));
  }

  private static Optional<Long> value(XmlElement entry, String attribute) {
    try {
      return entry.get(attribute).map(text -> Long.parseLong(text.strip()));
    } catch (NumberFormatException e) {
      throw new InputFailure("the manifest has an S whose " + attribute + " is no number");
    }
  }
}
