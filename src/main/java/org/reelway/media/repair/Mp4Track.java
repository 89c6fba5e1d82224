package org.reelway.media.repair;

import java.nio.ByteBuffer;

/**
 * A track of a finished MP4 as its index describes it (ISO/IEC 14496-12, 8.4 to 8.7).
 *
 * @param handler {@code vide} or {@code soun}
 * @param codec four letters of the sample entry
 * @param entry the sample entry, its header included
 * @param timescale units per second
 * @param units the track's length in them
 * @param sizes bytes of each sample
 * @param offsets of each sample in the file
 */
record Mp4Track(
    String handler, String codec, ByteBuffer entry, long timescale, long units, int[] sizes, long[] offsets) {

  int samples() {
    return sizes.length;
  }

  double samplesPerSecond() {
    return units <= 0 ? 0 : (double) samples() * timescale / units;
  }
}
