package org.reelway.live.hds;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.reelway.failure.InputFailure;

/** Reads a box of the F4V format field by field, never behind its end. */
final class BoxReader {
  private static final int HEAD = 8;
  private static final int LARGE_HEAD = 16;

  private final ByteBuffer bytes;
  private final String type;

  private BoxReader(ByteBuffer bytes, String type) {
    this.bytes = bytes;
    this.type = type;
  }

  /** The box that the bytes are. */
  static BoxReader of(byte[] bytes, String type) {
    BoxReader reader = new BoxReader(ByteBuffer.wrap(bytes), "bootstrap").box(type);
    if (size(bytes) != bytes.length) {
      throw new InputFailure(
          "the bootstrap says that it has " + size(bytes) + " bytes, and has " + bytes.length + ": it is torn");
    }
    return reader;
  }

  /** What the bytes say how many they are; -1 where they are too few to say it. */
  static long size(byte[] bytes) {
    if (bytes.length < HEAD) {
      return -1;
    }
    ByteBuffer head = ByteBuffer.wrap(bytes);
    long size = Integer.toUnsignedLong(head.getInt(0));
    return size != 1 ? size : bytes.length < LARGE_HEAD ? -1 : head.getLong(HEAD);
  }

  /** The box that comes next. */
  BoxReader box(String wanted) {
    int start = bytes.position();
    long size = u32();
    String found = new String(take(4), StandardCharsets.ISO_8859_1);
    if (!found.equals(wanted)) {
      throw new InputFailure(
          "a box \"" + found.replaceAll("[^ -~]", "?") + "\" stands where HDS has \"" + wanted + "\": it is no bootstrap");
    }
    size = size == 1 ? u64() : size;
    if (size < bytes.position() - start || size > bytes.limit() - start) {
      throw new InputFailure("the box \"" + wanted + "\" cannot have " + size + " bytes: it is torn");
    }
    int end = start + (int) size;
    ByteBuffer content = bytes.slice(bytes.position(), end - bytes.position());
    bytes.position(end);
    return new BoxReader(content, wanted);
  }

  int u8() {
    return need(1).get() & 0xFF;
  }

  long u32() {
    return Integer.toUnsignedLong(need(4).getInt());
  }

  long u64() {
    long value = need(8).getLong();
    if (value < 0) {
      throw new InputFailure("the box \"" + type + "\" has a time of 2^63 or more");
    }
    return value;
  }

  void text() {
    while (u8() != 0) {
      // Up to its end.
    }
  }

  /** A count, and as many texts. */
  int texts() {
    int count = u8();
    for (int i = 0; i < count; i++) {
      text();
    }
    return count;
  }

  byte[] take(int count) {
    byte[] taken = new byte[count];
    need(count).get(taken);
    return taken;
  }

  int position() {
    return bytes.position();
  }

  /** What was read since a position. */
  byte[] since(int position) {
    byte[] read = new byte[bytes.position() - position];
    bytes.get(position, read);
    return read;
  }

  int left() {
    return bytes.remaining();
  }

  private ByteBuffer need(int count) {
    if (bytes.remaining() < count) {
      throw new InputFailure("the box \"" + type + "\" ends in the middle: it is torn");
    }
    return bytes;
  }
}
