package org.reelway.live.hds;

/**
 * An entry of asrt: from this segment on, each has so many fragments.
 *
 * @param fragments {@link #ENDLESS} where nobody knows
 */
record SegmentRun(long segment, long fragments) {
  static final long ENDLESS = 0xFFFF_FFFFL;

  boolean isEndless() {
    return fragments == ENDLESS;
  }
}
