package org.reelway.stream.recorder;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Boxes of a piece of MP4 in memory (ISO/IEC 14496-12, 4.2). */
public record Mp4Boxes(ByteBuffer bytes, int start, int end) {
  private static final int HEADER = 8;

  /** @param body where what is in it begins; @param start where it begins itself; @param end behind it */
  public record Box(String type, int start, int body, int end) {}

  public static Mp4Boxes of(byte[] bytes) {
    return new Mp4Boxes(ByteBuffer.wrap(bytes), 0, bytes.length);
  }

  /** Those at this level, as far as they are whole. */
  public List<Box> all() {
    List<Box> boxes = new ArrayList<>();
    int at = start;
    while (at + HEADER <= end) {
      long size = bytes.getInt(at) & 0xffffffffL;
      if (size < HEADER || size > end - at) {
        break;
      }
      boxes.add(new Box(type(bytes, at + 4), at, at + HEADER, at + (int) size));
      at += (int) size;
    }
    return boxes;
  }

  public List<Box> all(String type) {
    return all().stream().filter(box -> box.type().equals(type)).toList();
  }

  public Optional<Box> first(String type) {
    return all().stream().filter(box -> box.type().equals(type)).findFirst();
  }

  /** What is in the box. */
  public Mp4Boxes in(Box box) {
    return new Mp4Boxes(bytes, box.body(), box.end());
  }

  /** The first box at the end of the path. */
  public Optional<Box> at(String... path) {
    Mp4Boxes level = this;
    Optional<Box> found = Optional.empty();
    for (String type : path) {
      found = level.first(type);
      if (found.isEmpty()) {
        return found;
      }
      level = level.in(found.get());
    }
    return found;
  }

  public static String type(ByteBuffer bytes, int at) {
    byte[] type = new byte[4];
    bytes.get(at, type);
    return new String(type, StandardCharsets.ISO_8859_1);
  }
}
