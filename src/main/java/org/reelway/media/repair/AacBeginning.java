package org.reelway.media.repair;

/**
 * What can be told of a raw AAC frame by its first four bytes (ISO/IEC 14496-3, 4.4.2.1 and 4.4.2.7): the element, how
 * it is framed, and the number of its bands; the gain between them, which differs from frame to frame, is left out.
 *
 * @param exact equal for frames that begin alike
 * @param exactBits how many bits of the file it stands for
 * @param shape equal for frames of the same kind of element
 * @param shapeBits as above
 */
record AacBeginning(int exact, int exactBits, int shape, int shapeBits) {
  private static final int SINGLE_CHANNEL = 0;
  private static final int CHANNEL_PAIR = 1;

  static AacBeginning of(int word) {
    int element = word >>> 29;
    boolean commonWindow = (word >>> 24 & 1) == 1;
    if (element == SINGLE_CHANNEL) {
      // element 3, instance 4, gain 8, reserved 1, window 3, bands 6
      return new AacBeginning(word & 0xfe01ff80, 17, word & 0xfe010000, 8);
    }
    if (element == CHANNEL_PAIR && commonWindow) {
      // element 3, instance 4, common window 1, reserved 1, window 3, bands 6
      return new AacBeginning(word & 0xffffc000, 18, word & 0xff800000, 9);
    }
    return new AacBeginning(word & 0xff000000, 8, word & 0xff000000, 8);
  }
}
