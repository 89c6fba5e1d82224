package org.reelway.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.reelway.media.MediaBytes;

/** What the end of a chunk's file tells. */
final class ChunkEnd {
  private static final Pattern BOXES = Pattern.compile(".*(\\.(mp4|m4[sva]|cmf[vat])|Seg\\d+-Frag\\d+)", Pattern.DOTALL);
  private static final Pattern BOX_TYPE = Pattern.compile("[A-Za-z0-9 ]{4}");
  private static final int PACKET = 188;
  /** A chunk that is encrypted as a whole (AES-128) has blocks of this size, and shows nothing else. */
  private static final int BLOCK = 16;
  private static final int MOST_BOXES = 10_000;
  private static final int WINDOW = 16;

  private ChunkEnd() {}

  /**
   * Whether the file ends where a chunk of its kind may end: an MPEG-TS packet, an MP4 box, an AES block. True where the
   * kind is another one, whose end says nothing, and where the file cannot be read.
   */
  static boolean isWhole(Path file) {
    String name = file.getFileName().toString();
    boolean packets = name.toLowerCase(Locale.ROOT).endsWith(".ts");
    if (!packets && !BOXES.matcher(name).matches()) {
      return true;
    }
    try (MediaBytes bytes = MediaBytes.open(file, WINDOW)) {
      long size = bytes.size();
      return size % BLOCK == 0 && !isBox(bytes, 0) || (packets ? size % PACKET == 0 : endsWithBox(bytes));
    } catch (IOException gone) {
      return true;
    }
  }

  private static boolean isBox(MediaBytes bytes, long at) throws IOException {
    return bytes.has(at, 8) && BOX_TYPE.matcher(new String(bytes.copy(at + 4, 4), StandardCharsets.ISO_8859_1)).matches();
  }

  private static boolean endsWithBox(MediaBytes bytes) throws IOException {
    long at = 0;
    for (int i = 0; i < MOST_BOXES && at < bytes.size(); i++) {
      if (!isBox(bytes, at)) {
        return false;
      }
      long size = bytes.u32(at);
      if (size == 0) {
        return true;
      }
      if (size == 1 && !bytes.has(at, 16)) {
        return false;
      }
      long length = size == 1 ? bytes.i64(at + 8) : size;
      if (length < 8 || !bytes.has(at, length)) {
        return false;
      }
      at += length;
    }
    return true;
  }
}
