package org.reelway.media.repair;

/** Bits from the most significant on. */
final class BitReader {
  private static final int LONGEST_CODE = 31;

  private final byte[] bytes;
  private int bit;

  /** @param from the first byte that is read */
  BitReader(byte[] bytes, int from) {
    this.bytes = bytes;
    this.bit = from * 8;
  }

  private int one() {
    int at = bit >> 3;
    int value = at < bytes.length ? bytes[at] >> 7 - (bit & 7) & 1 : 0;
    bit++;
    return value;
  }

  int bits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 1 | one();
    }
    return value;
  }

  /** {@code ue(v)} (ISO/IEC 14496-10, 9.1); -1 where none that fits 31 bits is there. */
  int exponentialGolomb() {
    int zeros = 0;
    while (one() == 0) {
      if (++zeros >= LONGEST_CODE || bit >= bytes.length * 8) {
        return -1;
      }
    }
    return (1 << zeros) - 1 + bits(zeros);
  }
}
