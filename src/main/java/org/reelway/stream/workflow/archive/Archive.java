package org.reelway.stream.workflow.archive;

import java.util.List;

/** An archive, by the positions of its segments in microseconds from the archive's beginning. */
interface Archive {
  /** Borders nearer than this are one: less than a picture of 120 a second lasts. */
  long TOLERANCE = 5_000;

  /** Of the borders of a section; less where it is very short. */
  static long tolerance(long start, long end) {
    return Math.min(TOLERANCE, (end - start) / 4);
  }

  /** Whether there are media up to a position. */
  boolean reaches(long position);

  /** Up to which position there are media. */
  long reach();

  /** Those that overlap [start, end), in the order of playing, each moment once. */
  List<ArchivedSegment> overlapping(long start, long end);
}
