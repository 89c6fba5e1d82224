package org.reelway.conference.multirecorder;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds out when a stream's time zero was, and how fast its clock goes, from when its media arrives. Media may be late, by
 * seconds after a connection was made, but never early: the truth lies along the lower edge of what was seen (the convex
 * hull, as clock skew is told from one-way delays). Memory is that of the edge, a few dozen points. Used by one thread.
 */
final class TrueTime {
  /** Over less, the network's whims look like a clock that is wrong. */
  private static final double LONG_ENOUGH = 120;
  /** Quartz is within 100 ppm; more than this is no clock's error. */
  private static final double FASTEST = 0.0005;

  private final List<Point> edge = new ArrayList<>();
  private double sum;
  private long count;

  /** @param media seconds of the stream; @param late how long after that, by our clock, it was here */
  private record Point(double media, double late) {}

  /**
   * @param media time of the stream up to which media has come, in seconds; never less than before
   * @param arrived by our clock, in seconds since any moment
   */
  void came(double media, double arrived) {
    Point point = new Point(media, arrived - media);
    sum += media;
    count++;
    while (!edge.isEmpty() && last(1).media() >= media) {
      if (last(1).late() <= point.late()) {
        return;
      }
      edge.remove(edge.size() - 1);
    }
    while (edge.size() >= 2 && !isBelow(last(2), last(1), point)) {
      edge.remove(edge.size() - 1);
    }
    edge.add(point);
  }

  private Point last(int back) {
    return edge.get(edge.size() - back);
  }

  /** Whether the middle one lies below the line between the others. */
  private static boolean isBelow(Point first, Point middle, Point last) {
    return (middle.late() - first.late()) * (last.media() - first.media())
        < (last.late() - first.late()) * (middle.media() - first.media());
  }

  boolean isKnown() {
    return !edge.isEmpty();
  }

  /** Where the stream's zero stands, by our clock, and how fast it goes; to be asked once something came. */
  Placement placement() {
    double middle = sum / count;
    for (int i = 1; i < edge.size(); i++) {
      Point from = edge.get(i - 1);
      Point to = edge.get(i);
      double slope = (to.late() - from.late()) / (to.media() - from.media());
      boolean here = to.media() >= middle;
      if (here && edge.get(edge.size() - 1).media() - edge.get(0).media() >= LONG_ENOUGH && Math.abs(slope) <= FASTEST) {
        return new Placement(from.late() - slope * from.media(), 1 + slope);
      }
    }
    return Placement.from(edge.stream().mapToDouble(Point::late).min().orElse(0));
  }
}
