package org.reelway.stream.workflow.archive;

/**
 * When the media of a segment begin, and when they end, by their own clock.
 *
 * @param ticks of the first picture; of the first sound where there are no pictures
 * @param end ticks behind the last picture; -1 while that was not asked for
 * @param wrap after how many ticks the clock begins anew; 0 for never
 * @param packet bytes from one packet of a transport stream to the next; 0 where it is none
 * @param head bytes of the description of its tracks, where it has that itself; 0 where not
 * @param track that was looked at: a PID, or a track's id
 */
record SegmentTime(long ticks, long end, long perSecond, long wrap, int packet, long head, long track) {
  private static final long MICROS = 1_000_000;

  SegmentTime withEnd(long ticksOfEnd) {
    return new SegmentTime(ticks, ticksOfEnd, perSecond, wrap, packet, head, track);
  }

  /**
   * From another time of the same clock to this one, in microseconds; of all that it can be, the nearest to a guess.
   */
  long since(SegmentTime other, long guess) {
    return nearest(ticks - other.ticks, guess);
  }

  /** How long the segment is. */
  long length() {
    return nearest(end - ticks, 0);
  }

  private long nearest(long some, long guess) {
    long rounds = wrap == 0 ? 0 : Math.round((guess / (double) MICROS * perSecond - some) / wrap);
    long all = some + rounds * wrap;
    return Math.floorDiv(all, perSecond) * MICROS + Math.floorMod(all, perSecond) * MICROS / perSecond;
  }
}
