package org.reelway.media.container;

import java.io.IOException;
import java.util.Set;
import org.reelway.media.MediaBytes;
import org.reelway.media.container.ContainerCheck.Verdict;

/**
 * MPEG transport streams (ISO/IEC 13818-1, 2.4.3 and 2.4.4.3): packets of 188 bytes, of 192 with a time stamp in front
 * (M2TS), or of 204 with error correction behind.
 *
 * <p>Whole means: packets at the start and at the end, no part of one left over, and a program association table near
 * the start. The format has no end mark: a file that ends after a packet is whole.
 */
final class TsContainer implements Container {
  private static final int SYNC = 0x47;
  private static final int PACKETS_TO_RECOGNISE = 5;
  private static final int LEAST_PACKETS_TO_RECOGNISE = 2;
  private static final int PACKETS_AT_THE_END = 32;

  /** Tables come at least every half second; this holds a second of a stream of 32 Mbit/s. */
  private static final long TABLE_WITHIN_BYTES = 4 * 1024 * 1024;

  @Override
  public String name() {
    return "MPEG-TS";
  }

  @Override
  public Set<String> extensions() {
    return Set.of("ts", "m2ts", "mts", "m2t", "tsv");
  }

  @Override
  public boolean recognises(MediaBytes bytes) throws IOException {
    return Packets.of(bytes) != null;
  }

  @Override
  public Verdict check(MediaBytes bytes) throws IOException {
    Packets packets = Packets.of(bytes);
    long left = bytes.size() % packets.length;
    if (left != 0) {
      return Verdict.incomplete("ends with " + left + " of the " + packets.length + " bytes of an MPEG-TS packet");
    }
    long count = bytes.size() / packets.length;
    for (long packet = Math.max(0, count - PACKETS_AT_THE_END); packet < count; packet++) {
      if (bytes.u8(packets.start(packet)) != SYNC) {
        return Verdict.incomplete("no MPEG-TS packet begins at " + packets.start(packet));
      }
    }
    if (!hasProgramTable(bytes, packets, count)) {
      return Verdict.incomplete("no program association table in the first " + TABLE_WITHIN_BYTES + " bytes");
    }
    return Verdict.whole("MPEG-TS");
  }

  private static boolean hasProgramTable(MediaBytes bytes, Packets packets, long count) throws IOException {
    long within = Math.min(count, TABLE_WITHIN_BYTES / packets.length);
    for (long packet = 0; packet < within; packet++) {
      if (isProgramTable(bytes, packets.start(packet))) {
        return true;
      }
    }
    return false;
  }

  /** PID 0, the start of a section, its table id 0. */
  private static boolean isProgramTable(MediaBytes bytes, long start) throws IOException {
    int flags = bytes.u16(start + 1);
    boolean startOfSection = (flags & 0x4000) != 0 && (flags & 0x1fff) == 0;
    if (bytes.u8(start) != SYNC || !startOfSection) {
      return false;
    }
    int control = bytes.u8(start + 3) >> 4 & 3;
    if ((control & 1) == 0) {
      return false;
    }
    long payload = control == 3 ? start + 5 + bytes.u8(start + 4) : start + 4;
    long section = payload < start + 187 ? payload + 1 + bytes.u8(payload) : Long.MAX_VALUE;
    return section < start + 188 && bytes.u8(section) == 0;
  }

  /** How packets lie in a file: their length, and where in each of them the sync byte is. */
  private record Packets(int length, int sync) {
    private static final Packets[] KINDS = {new Packets(188, 0), new Packets(192, 4), new Packets(204, 0)};

    /** Returns null where the file does not begin with packets. */
    static Packets of(MediaBytes bytes) throws IOException {
      for (Packets kind : KINDS) {
        if (kind.fits(bytes)) {
          return kind;
        }
      }
      return null;
    }

    private boolean fits(MediaBytes bytes) throws IOException {
      long whole = bytes.size() / length;
      if (whole < LEAST_PACKETS_TO_RECOGNISE) {
        return false;
      }
      for (long packet = 0; packet < Math.min(whole, PACKETS_TO_RECOGNISE); packet++) {
        if (bytes.u8(start(packet)) != SYNC) {
          return false;
        }
      }
      return true;
    }

    /** The offset of a packet's sync byte. */
    long start(long packet) {
      return packet * length + sync;
    }
  }
}
