package org.reelway.live.hds;

import java.io.IOException;
import org.reelway.failure.InputFailure;
import org.reelway.media.mp4.Box;
import org.reelway.media.mp4.BrokenBoxes;

/** Reads a box of the F4V format field by field, never behind its end. */
final class BoxReader {
  private final Box box;
  private int at;

  private BoxReader(Box box) {
    this.box = box;
  }

  /** The box that the bytes are. */
  static BoxReader of(byte[] bytes, String type) throws IOException {
    Box box = ofType(Box.file(bytes).at(0), type);
    if (size(bytes) != bytes.length) {
      throw new InputFailure(
          "the bootstrap says that it has " + size(bytes) + " bytes, and has " + bytes.length + ": it is torn");
    }
    return new BoxReader(box);
  }

  /** What the bytes say how many they are; -1 where they are too few to say it. */
  static long size(byte[] bytes) {
    try {
      Box box = Box.file(bytes).at(0);
      return box == null || box.isOpen() ? -1 : box.end();
    } catch (IOException memoryNeverFails) {
      return -1;
    }
  }

  /** The box that comes next. */
  BoxReader box(String wanted) throws IOException {
    Box next = ofType(box.within(at).first(), wanted);
    at = (int) (next.end() - box.body());
    return new BoxReader(next);
  }

  private static Box ofType(Box box, String wanted) {
    if (box == null) {
      throw new InputFailure("the bootstrap ends where HDS has \"" + wanted + "\": it is torn");
    }
    if (!box.is(wanted)) {
      throw new InputFailure(
          "a box \"" + box.shownType() + "\" stands where HDS has \"" + wanted + "\": it is no bootstrap");
    }
    return box;
  }

  int u8() throws IOException {
    return box.u8(step(1));
  }

  long u32() throws IOException {
    return box.u32(step(Integer.BYTES));
  }

  long u64() throws IOException {
    long value = box.i64(step(Long.BYTES));
    if (value < 0) {
      throw new BrokenBoxes("the box '" + box.shownType() + "' has a time of 2^63 or more");
    }
    return value;
  }

  private int step(int bytes) {
    at += bytes;
    return at - bytes;
  }

  void text() throws IOException {
    while (u8() != 0) {
      // Up to its end.
    }
  }

  /** A count, and as many texts. */
  int texts() throws IOException {
    int count = u8();
    for (int i = 0; i < count; i++) {
      text();
    }
    return count;
  }

  int position() {
    return at;
  }

  /** What was read since a position. */
  byte[] since(int position) throws IOException {
    return box.bytes().copy(box.body() + position, at - position);
  }

  long left() {
    return box.length() - at;
  }
}
