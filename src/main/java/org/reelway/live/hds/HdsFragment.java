package org.reelway.live.hds;

/**
 * One fragment of a bootstrap.
 *
 * @param time in units of the bootstrap's fragment table
 * @param duration as the time
 * @param seam what stands in front of it
 * @param lost whether there is none of this number
 */
record HdsFragment(long number, long segment, long time, long duration, int seam, boolean lost) {
  static final int NO_SEAM = -1;
  /** Nothing comes any more. */
  static final int END = 0;
  /** Times begin anew. */
  static final int OTHER_TIMES = 2;
  /** Numbers are left out, and times. */
  static final int OTHER_NUMBERS_AND_TIMES = 3;

  long end() {
    return time + duration;
  }

  HdsFragment moved(long numbers, long segments, boolean nowLost) {
    return new HdsFragment(number + numbers, segment + segments, time, duration, seam, lost || nowLost);
  }

  HdsFragment behind(int otherSeam) {
    return new HdsFragment(number, segment, time, duration, otherSeam, lost);
  }

  /** The name that follows from its numbers. */
  String uri(String base) {
    return base + "Seg" + segment + "-Frag" + number;
  }
}
