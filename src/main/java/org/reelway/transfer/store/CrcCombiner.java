package org.reelway.transfer.store;

/**
 * The CRC of two pieces put together, from the CRCs of each: the first is moved over the length of the second by a
 * multiplication modulo the polynomial.
 *
 * @see <a href="https://github.com/madler/zlib/blob/develop/crc32.c">zlib's crc32_combine, the same method</a>
 */
final class CrcCombiner {
  private final long polynomial;
  /** The reflected form of 1: the highest bit of the width. */
  private final long one;

  /** @param polynomial reflected */
  CrcCombiner(int width, long polynomial) {
    this.polynomial = polynomial;
    this.one = 1L << width - 1;
  }

  static CrcCombiner of(ChecksumKind kind) {
    return switch (kind) {
      case CRC64NVME -> new CrcCombiner(64, Crc64Nvme.POLYNOMIAL);
      case CRC32C -> new CrcCombiner(32, 0x82F63B78L);
      case MD5, NONE -> throw new IllegalArgumentException(kind + " cannot be combined");
    };
  }

  /** @param length of the second piece, bytes */
  long combine(long first, long second, long length) {
    return times(powerOfX(length), first) ^ second;
  }

  /** x to the power of 8 × length: length bytes of shift. */
  private long powerOfX(long length) {
    long power = one;
    long square = one >>> 8;
    for (long left = length; left != 0; left >>>= 1) {
      if ((left & 1) != 0) {
        power = times(square, power);
      }
      square = times(square, square);
    }
    return power;
  }

  private long times(long a, long b) {
    long product = 0;
    long factor = b;
    for (long bit = one; bit != 0; bit >>>= 1) {
      if ((a & bit) != 0) {
        product ^= factor;
      }
      factor = (factor & 1) == 0 ? factor >>> 1 : factor >>> 1 ^ polynomial;
    }
    return product;
  }
}
