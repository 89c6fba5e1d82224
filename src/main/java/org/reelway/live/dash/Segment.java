package org.reelway.live.dash;

import org.reelway.live.NamedFile;

/**
 * One media segment of a representation.
 *
 * @param number for {@code $Number$}
 * @param time in units of the timescale, the presentation time offset included
 * @param duration in units of the timescale
 * @param reference relative to the base URL; empty for the base URL itself
 * @param range bytes of it, {@code first-last}; null for all
 * @param indexRange of a segment list; null for none
 * @param media what has to be there
 * @param index a file of its own that has to be there too; null for none
 */
record Segment(
    long number, long time, long duration, String reference, String range, String indexRange, NamedFile media, NamedFile index) {

  long end() {
    return Math.addExact(time, duration);
  }
}
