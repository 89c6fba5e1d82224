package org.reelway.live;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.reelway.media.MediaBytes;
import org.reelway.media.mp4.Box;

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
      Box first = Box.file(bytes).at(0);
      boolean isBox = first != null && hasType(first);
      return bytes.size() % BLOCK == 0 && !isBox || (packets ? bytes.size() % PACKET == 0 : endsWithBox(bytes));
    } catch (IOException gone) {
      return true;
    }
  }

  private static boolean hasType(Box box) {
    return BOX_TYPE.matcher(box.type()).matches();
  }

  private static boolean endsWithBox(MediaBytes bytes) throws IOException {
    Box file = Box.file(bytes);
    long at = 0;
    for (int i = 0; i < MOST_BOXES && at < bytes.size(); i++) {
      Box box = file.at(at);
      if (box == null || !hasType(box) || box.isTorn()) {
        return false;
      }
      at = box.end();
    }
    return true;
  }
}
