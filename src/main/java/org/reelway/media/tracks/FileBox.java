package org.reelway.media.tracks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.reelway.recording.MediaBytes;

/**
 * A box where it lies in the file (ISO/IEC 14496-12, 4.2); nothing of it is read but its header.
 *
 * @param body where what is in it begins
 * @param end behind it
 */
record FileBox(String type, long body, long end) {
  private static final int HEADER = 8;
  private static final int LARGE_HEADER = 16;

  /**
   * The box at the offset, or empty where the outer one ends.
   *
   * @param end of the outer box, or of the file
   * @throws BrokenBoxes its size cannot be
   */
  static Optional<FileBox> at(MediaBytes bytes, long offset, long end) throws IOException {
    // Up to seven bytes at the end of a box are padding, as QuickTime's closing zero is.
    if (end - offset < HEADER) {
      return Optional.empty();
    }
    long size = bytes.u32(offset);
    String type = letters(bytes.i32(offset + 4));
    int header = size == 1 ? LARGE_HEADER : HEADER;
    if (size == 1 && end - offset >= LARGE_HEADER) {
      size = bytes.i64(offset + HEADER);
    } else if (size == 0 && end == bytes.size()) {
      size = end - offset;
    }
    if (size < header || size > end - offset) {
      throw new BrokenBoxes(
          "the box '" + type + "' at byte " + offset + " says that it has " + Long.toUnsignedString(size)
              + " bytes, where " + (end - offset) + " are left");
    }
    return Optional.of(new FileBox(type, offset + header, offset + size));
  }

  /** The boxes inside it, each told in turn. */
  void each(MediaBytes bytes, Told told) throws IOException {
    Optional<FileBox> box = at(bytes, body, end);
    while (box.isPresent()) {
      told.take(box.get());
      box = at(bytes, box.get().end(), end);
    }
  }

  long length() {
    return end - body;
  }

  /** @throws BrokenBoxes it is shorter than what has to be in it */
  FileBox atLeast(long length) {
    if (length() < length) {
      throw new BrokenBoxes("the box '" + type + "' has " + length() + " bytes where " + length + " are needed");
    }
    return this;
  }

  /** What is in it, its end at most the given number of bytes away. */
  ByteBuffer copy(MediaBytes bytes, int most) throws IOException {
    return ByteBuffer.wrap(bytes.copy(body, (int) Math.min(most, length())));
  }

  static String letters(int type) {
    byte[] four = ByteBuffer.allocate(Integer.BYTES).putInt(type).array();
    return new String(four, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "?");
  }

  /** Told of each box. */
  @FunctionalInterface
  interface Told {
    void take(FileBox box) throws IOException;
  }
}
