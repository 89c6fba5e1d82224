package org.reelway.live.hds;

/**
 * An entry of afrt: from this fragment on, each is so long; or, where it has an indicator, a seam between two of those.
 *
 * @param time of the first one, in the table's units
 * @param seam one of those of {@link HdsFragment}
 */
record FragmentRun(long first, long time, long duration, int seam) {
  boolean isSeam() {
    return seam != HdsFragment.NO_SEAM;
  }
}
