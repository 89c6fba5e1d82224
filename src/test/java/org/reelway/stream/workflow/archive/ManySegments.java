package org.reelway.stream.workflow.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Long archives of the smallest transport streams that have times: three pictures a segment of 300 s. */
public final class ManySegments {
  public static final int SECONDS = 300;
  private static final int PACKET = 188;
  private static final int TABLE = 0x1000;
  private static final int VIDEO = 0x100;
  private static final long FIRST = 126_000;

  private ManySegments() {}

  /**
   * Segments such as {@code _120261130T120000.000000.ts}.
   *
   * @param drift seconds that each segment is longer than was wanted
   */
  public static void write(Path folder, int count, double drift) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < count; i++) {
      Files.write(folder.resolve(name(i)), segment(i, drift));
    }
  }

  /** The playlist that Reelway writes beside them. */
  public static void index(Path folder, int count) throws IOException {
    StringBuilder text =
        new StringBuilder(
            "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:300\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n");
    for (int i = 0; i < count; i++) {
      text.append("#EXTINF:300.000000,\n").append(name(i)).append('\n');
    }
    Files.writeString(folder.resolve("index.m3u8"), text.append("#EXT-X-ENDLIST\n"), StandardCharsets.UTF_8);
  }

  public static String name(int i) {
    return String.format(Locale.ROOT, "_120261130T120000.%06d.ts", i);
  }

  private static byte[] segment(int i, double drift) {
    byte[] bytes = new byte[5 * PACKET];
    Arrays.fill(bytes, (byte) 0xff);
    packet(bytes, 0, 0, new int[] {0, 0x00, 0xb0, 13, 0, 1, 0xc1, 0, 0, 0, 1, 0xe0 | TABLE >> 8, TABLE & 0xff, 0, 0, 0, 0});
    packet(
        bytes, 1, TABLE,
        new int[] {0, 0x02, 0xb0, 18, 0, 1, 0xc1, 0, 0, 0xe0 | VIDEO >> 8, VIDEO & 0xff, 0xf0, 0, 0x1b, 0xe0 | VIDEO >> 8, VIDEO & 0xff, 0xf0,
            0, 0, 0, 0, 0});
    long length = Math.round((SECONDS + drift) * 90_000);
    picture(bytes, 2, FIRST + i * length);
    picture(bytes, 3, FIRST + i * length + 3600);
    picture(bytes, 4, FIRST + (i + 1) * length - 3600);
    return bytes;
  }

  private static void picture(byte[] bytes, int number, long ticks) {
    long t = ticks & (1L << 33) - 1;
    packet(
        bytes, number, VIDEO,
        new int[] {0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5, (int) (0x21 | t >> 29 & 0x0e), (int) (t >> 22 & 0xff),
            (int) (t >> 14 & 0xfe | 1), (int) (t >> 7 & 0xff), (int) (t << 1 & 0xfe | 1)});
  }

  private static void packet(byte[] bytes, int number, int pid, int[] body) {
    int at = number * PACKET;
    int[] head = {0x47, 0x40 | pid >> 8, pid & 0xff, 0x10};
    for (int i = 0; i < head.length; i++) {
      bytes[at + i] = (byte) head[i];
    }
    for (int i = 0; i < body.length; i++) {
      bytes[at + head.length + i] = (byte) body[i];
    }
  }
}
