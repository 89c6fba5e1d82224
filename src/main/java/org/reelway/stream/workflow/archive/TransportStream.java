package org.reelway.stream.workflow.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.reelway.failure.InputFailure;

/**
 * Times in transport streams (ISO/IEC 13818-1, 2.4.3): packets of 188 bytes, or of 192 with a time stamp in front
 * (M2TS). Some of the beginning of a segment, and some of its end, are read.
 */
final class TransportStream {
  private static final long PER_SECOND = 90_000;
  private static final long WRAP = 1L << 33;
  private static final int SYNC = 0x47;
  private static final int[] PACKETS = {188, 192};
  private static final int[] BEGINNINGS = {16 * 1024, 256 * 1024, 2 * 1024 * 1024};
  private static final int[] ENDINGS = {256 * 1024, 2 * 1024 * 1024, 8 * 1024 * 1024};
  /** MPEG-1, MPEG-2, MPEG-4, H.264, H.265, H.266: ISO/IEC 13818-1, table 2-34. */
  private static final Set<Integer> VIDEO = Set.of(0x01, 0x02, 0x10, 0x1b, 0x24, 0x33);
  private static final Set<Integer> AUDIO = Set.of(0x03, 0x04, 0x0f, 0x11, 0x81, 0x87);

  private TransportStream() {}

  /** Whether the bytes begin with packets. */
  static boolean isOne(byte[] bytes) {
    return packet(bytes) > 0;
  }

  private static int packet(byte[] bytes) {
    for (int length : PACKETS) {
      int sync = length - 188;
      boolean fits = bytes.length >= length;
      for (int at = sync; at < Math.min(bytes.length, 5 * length) && fits; at += length) {
        fits = (bytes[at] & 0xff) == SYNC;
      }
      if (fits) {
        return length;
      }
    }
    return 0;
  }

  static SegmentTime begin(RangeReader reader) {
    for (int most : BEGINNINGS) {
      byte[] bytes = reader.read(0, most);
      int length = packet(bytes);
      if (length == 0) {
        break;
      }
      Packets packets = new Packets(bytes, length);
      int pid = pid(packets);
      List<Long> times = pid < 0 ? List.of() : packets.times(pid);
      if (!times.isEmpty()) {
        return new SegmentTime(times.get(0), -1, PER_SECOND, WRAP, length, 0, pid);
      }
      if (bytes.length == reader.size()) {
        break;
      }
    }
    throw new InputFailure(
        reader.object().key() + " is no transport stream whose pictures or sound have times in its first "
            + (BEGINNINGS[BEGINNINGS.length - 1] >> 20) + " MiB");
  }

  /** @param begun what is known of it */
  static SegmentTime end(RangeReader reader, SegmentTime begun) {
    long count = reader.size() / begun.packet();
    for (int most : ENDINGS) {
      long packets = Math.min(count, most / begun.packet());
      byte[] bytes = reader.read((count - packets) * begun.packet(), (int) packets * begun.packet());
      List<Long> times =
          new ArrayList<>(
              new Packets(bytes, begun.packet())
                  .times((int) begun.track()).stream().map(time -> Math.floorMod(time - begun.ticks(), WRAP)).toList());
      times.sort(null);
      // One alone does not tell how long it lasts.
      if (times.size() > 1 || packets == count && !times.isEmpty()) {
        long last = times.get(times.size() - 1);
        return begun.withEnd(begun.ticks() + last + least(times));
      }
    }
    throw new InputFailure(
        reader.object().key() + " has no times of its pictures or sound in its last " + (ENDINGS[ENDINGS.length - 1] >> 20)
            + " MiB");
  }

  /** How long a picture lasts. */
  private static long least(List<Long> times) {
    long least = times.size() > 1 ? Long.MAX_VALUE : PER_SECOND / 25;
    for (int i = 1; i < times.size(); i++) {
      long between = times.get(i) - times.get(i - 1);
      least = between > 0 ? Math.min(least, between) : least;
    }
    return least == Long.MAX_VALUE ? 0 : least;
  }

  /** Of the first pictures that the program has, or else of its first sound; -1 where its table is not there. */
  private static int pid(Packets packets) {
    int table = packets.section(0, 0x00).map(TransportStream::firstProgram).orElse(-1);
    return table < 0 ? -1 : packets.section(table, 0x02).map(TransportStream::firstTrack).orElse(-1);
  }

  private static int firstProgram(Section found) {
    for (int at = 8; at + 4 <= found.end(); at += 4) {
      if (found.u16(at) != 0) {
        return found.u16(at + 2) & 0x1fff;
      }
    }
    return -1;
  }

  private static int firstTrack(Section found) {
    int sound = -1;
    for (int at = 12 + (found.u16(10) & 0xfff); at + 5 <= found.end(); at += 5 + (found.u16(at + 3) & 0xfff)) {
      int pid = found.u16(at + 1) & 0x1fff;
      if (VIDEO.contains(found.u8(at))) {
        return pid;
      }
      sound = sound < 0 && AUDIO.contains(found.u8(at)) ? pid : sound;
    }
    return sound;
  }

  /** A table, from its id on. */
  record Section(byte[] bytes, int start, int limit) {
    int u8(int at) {
      return start + at < limit ? bytes[start + at] & 0xff : 0;
    }

    int u16(int at) {
      return u8(at) << 8 | u8(at + 1);
    }

    /** Where its checksum begins. */
    int end() {
      return Math.min(3 + (u16(1) & 0xfff) - 4, limit - start);
    }
  }

  /** Packets that begin at the beginning of the bytes. */
  private record Packets(byte[] bytes, int length) {
    private static final int BODY = 188;

    private interface Each {
      /** @return whether to go on */
      boolean take(int body, int end);
    }

    /** Bodies of packets that begin something. */
    private void each(int wanted, Each each) {
      for (int at = length - BODY; at + BODY <= bytes.length; at += length) {
        int flags = (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
        boolean isStart = (bytes[at] & 0xff) == SYNC && (flags & 0x4000) != 0 && (flags & 0x1fff) == wanted;
        int control = bytes[at + 3] >> 4 & 3;
        int body = control == 3 ? at + 5 + (bytes[at + 4] & 0xff) : at + 4;
        if (isStart && (control & 1) != 0 && body < at + BODY && !each.take(body, at + BODY)) {
          return;
        }
      }
    }

    /** The first one with the table's id that lies in one packet as far as it is needed. */
    Optional<Section> section(int pid, int id) {
      Section[] found = {null};
      each(pid, (body, end) -> {
        int start = body + 1 + (bytes[body] & 0xff);
        if (start < end && (bytes[start] & 0xff) == id) {
          found[0] = new Section(bytes, start, end);
        }
        return found[0] == null;
      });
      return Optional.ofNullable(found[0]);
    }

    /** When pictures or sounds of the PID are shown, in the order of the packets. */
    List<Long> times(int pid) {
      List<Long> times = new ArrayList<>();
      each(pid, (body, end) -> {
        if (body + 14 <= end && bytes[body] == 0 && bytes[body + 1] == 0 && bytes[body + 2] == 1
            && (bytes[body + 7] & 0x80) != 0) {
          times.add(
              (bytes[body + 9] & 0x0eL) << 29 | (bytes[body + 10] & 0xffL) << 22 | (bytes[body + 11] & 0xfeL) << 14
                  | (bytes[body + 12] & 0xffL) << 7 | (bytes[body + 13] & 0xffL) >> 1);
        }
        return true;
      });
      return times;
    }
  }
}
