package org.reelway.media.repair;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.reelway.media.MediaBytes;

/**
 * What is there of a recording that was cut off.
 *
 * @param kind of the content, whatever the name
 * @param usable bytes from the start that are worth reading: what follows is half a tag, packet or box
 * @param size bytes of the file
 * @param mediaStart where the payload of the first mdat begins, for {@link MediaKind#MP4_WITHOUT_INDEX}; else 0
 */
public record BrokenMedia(MediaKind kind, long usable, long size, long mediaStart) {
  /** Empty where the content is of no container that is known here, or holds no media yet. */
  public static Optional<BrokenMedia> of(Path file) throws IOException {
    try (MediaBytes bytes = MediaBytes.open(file)) {
      if (!bytes.has(0, 16)) {
        return Optional.empty();
      }
      if (bytes.u24(0) == 0x464c56) {
        return flv(bytes);
      }
      if (bytes.u32(0) == 0x1A45DFA3L) {
        return Optional.of(new BrokenMedia(matroskaOrWebm(bytes), bytes.size(), bytes.size(), 0));
      }
      int packet = tsPacketLength(bytes);
      if (packet > 0) {
        long usable = bytes.size() - bytes.size() % packet;
        return Optional.of(new BrokenMedia(MediaKind.TS, usable, bytes.size(), 0));
      }
      return Mp4Walk.of(bytes);
    }
  }

  /** The share of the file that is worth reading, 0 to 1. */
  double usableShare() {
    return size == 0 ? 0 : (double) usable / size;
  }

  /** Whole tags from the start (Adobe Flash Video File Format Specification 10.1, annex E). */
  private static Optional<BrokenMedia> flv(MediaBytes bytes) throws IOException {
    long offset = bytes.u32(5) + 4;
    long tags = 0;
    while (bytes.has(offset, 11)) {
      int type = bytes.u8(offset) & ~0x20;
      long length = bytes.u24(offset + 1) + 11L;
      boolean known = type == 8 || type == 9 || type == 18;
      if (!known || !bytes.has(offset, length + 4) || bytes.u32(offset + length) != length) {
        break;
      }
      offset += length + 4;
      tags++;
    }
    return tags == 0 ? Optional.empty() : Optional.of(new BrokenMedia(MediaKind.FLV, offset, bytes.size(), 0));
  }

  /** The document type stands in the first header (RFC 8794, 11.2.6). */
  private static MediaKind matroskaOrWebm(MediaBytes bytes) throws IOException {
    int length = (int) Math.min(64, bytes.size());
    String head = new String(bytes.copy(0, length), java.nio.charset.StandardCharsets.ISO_8859_1);
    return head.contains("webm") ? MediaKind.WEBM : MediaKind.MATROSKA;
  }

  /** 188, 192 (a time stamp before each packet) or 204 (error correction behind it); 0 for no transport stream. */
  private static int tsPacketLength(MediaBytes bytes) throws IOException {
    int[][] kinds = {{188, 0}, {192, 4}, {204, 0}};
    for (int[] kind : kinds) {
      boolean all = bytes.has(0, 3L * kind[0]);
      for (int packet = 0; all && packet < 3; packet++) {
        all = bytes.u8((long) packet * kind[0] + kind[1]) == 0x47;
      }
      if (all) {
        return kind[0];
      }
    }
    return 0;
  }
}
