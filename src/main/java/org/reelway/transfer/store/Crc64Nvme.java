package org.reelway.transfer.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * CRC-64/NVME: polynomial 0xAD93D23594C93659, reflected, all ones in and out. Sixteen tables: sixteen bytes a step.
 *
 * @see <a href="https://nvmexpress.org/specifications/">NVM Express NVM Command Set, 64b CRC</a>
 */
final class Crc64Nvme implements java.util.zip.Checksum {
  /** The polynomial, reflected. */
  static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long[][] TABLES = tables();

  private long state = -1;

  private static long[][] tables() {
    long[][] tables = new long[16][256];
    for (int b = 0; b < 256; b++) {
      long crc = b;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ POLYNOMIAL;
      }
      tables[0][b] = crc;
    }
    for (int table = 1; table < 16; table++) {
      for (int b = 0; b < 256; b++) {
        long crc = tables[table - 1][b];
        tables[table][b] = crc >>> 8 ^ tables[0][(int) crc & 0xff];
      }
    }
    return tables;
  }

  @Override
  public void update(int b) {
    state = state >>> 8 ^ TABLES[0][((int) state ^ b) & 0xff];
  }

  @Override
  public void update(byte[] bytes, int offset, int length) {
    long crc = state;
    int i = offset;
    int end = offset + length;
    final long[] t0 = TABLES[0], t1 = TABLES[1], t2 = TABLES[2], t3 = TABLES[3];
    final long[] t4 = TABLES[4], t5 = TABLES[5], t6 = TABLES[6], t7 = TABLES[7];
    final long[] t8 = TABLES[8], t9 = TABLES[9], t10 = TABLES[10], t11 = TABLES[11];
    final long[] t12 = TABLES[12], t13 = TABLES[13], t14 = TABLES[14], t15 = TABLES[15];
    for (; i <= end - 16; i += 16) {
      long a = (long) LONGS.get(bytes, i) ^ crc;
      long b = (long) LONGS.get(bytes, i + 8);
      crc =
          t15[(int) a & 0xff] ^ t14[(int) (a >>> 8) & 0xff] ^ t13[(int) (a >>> 16) & 0xff]
              ^ t12[(int) (a >>> 24) & 0xff] ^ t11[(int) (a >>> 32) & 0xff] ^ t10[(int) (a >>> 40) & 0xff]
              ^ t9[(int) (a >>> 48) & 0xff] ^ t8[(int) (a >>> 56)]
              ^ t7[(int) b & 0xff] ^ t6[(int) (b >>> 8) & 0xff] ^ t5[(int) (b >>> 16) & 0xff]
              ^ t4[(int) (b >>> 24) & 0xff] ^ t3[(int) (b >>> 32) & 0xff] ^ t2[(int) (b >>> 40) & 0xff]
              ^ t1[(int) (b >>> 48) & 0xff] ^ t0[(int) (b >>> 56)];
    }
    for (; i < end; i++) {
      crc = crc >>> 8 ^ t0[((int) crc ^ bytes[i]) & 0xff];
    }
    state = crc;
  }

  @Override
  public long getValue() {
    return ~state;
  }

  @Override
  public void reset() {
    state = -1;
  }
}
