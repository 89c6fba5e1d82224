package org.reelway.media.mp4;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.reelway.media.MediaBytes;

/**
 * A box where it lies in a file or in memory (ISO/IEC 14496-12, 4.2). Nothing of it is read but what is asked for, and
 * nothing behind its end: sizes and counts that lie are told as {@link BrokenBoxes}.
 *
 * @param type four characters
 * @param start where it begins
 * @param body where what is in it begins
 * @param end behind it; that of the outer box where its size is 0
 * @param limit where the outer box ends
 * @param isOpen whether its size is 0: it goes on to the end of the outer one
 */
public record Box(MediaBytes bytes, String type, long start, long body, long end, long limit, boolean isOpen) {
  public static final int HEADER = 8;
  public static final int LARGE_HEADER = 16;

  /** A whole file, as if it were what is in a box. */
  public static Box file(MediaBytes bytes) {
    return new Box(bytes, "file", 0, 0, bytes.size(), bytes.size(), false);
  }

  /** Boxes in memory, as if they were what is in a box. */
  public static Box file(byte[] bytes) {
    return file(MediaBytes.of(bytes));
  }

  /** The box that the bytes begin with. */
  public static Box of(byte[] bytes) throws IOException {
    Box box = file(bytes).first();
    if (box == null) {
      throw new BrokenBoxes("there is no box in " + bytes.length + " bytes");
    }
    return box;
  }

  /**
   * The box at an offset of the file, which may be torn; null where its header would end behind this one's end.
   * Up to seven bytes at the end of a box are padding, as QuickTime's closing zero is.
   */
  public Box at(long offset) throws IOException {
    return at(bytes, offset, end);
  }

  private static Box at(MediaBytes bytes, long offset, long limit) throws IOException {
    if (limit - offset < HEADER) {
      return null;
    }
    long size = bytes.u32(offset);
    String type = letters(bytes.i32(offset + 4));
    if (size == 1) {
      long large = limit - offset < LARGE_HEADER ? 0 : bytes.i64(offset + HEADER);
      boolean isPossible = large >= 0 && large <= Long.MAX_VALUE - offset;
      return new Box(
          bytes, type, offset, offset + LARGE_HEADER, isPossible ? offset + large : Long.MAX_VALUE, limit, false);
    }
    return new Box(bytes, type, offset, offset + HEADER, size == 0 ? limit : offset + size, limit, size == 0);
  }

  /** The boxes in it that come behind fields of its own. */
  public Box within(int fields) {
    return new Box(bytes, type, start, place(fields, 0), end, limit, isOpen);
  }

  /** Whether it cannot end where it says. */
  public boolean isTorn() {
    return end < body || end > limit;
  }

  /** Types are four printable characters; QuickTime's user data begins with a copyright sign. */
  public boolean hasPlausibleType() {
    return type.chars().allMatch(letter -> letter >= 0x20 && letter <= 0x7e || letter == 0xa9);
  }

  /**
   * The first box in it; null for none.
   *
   * @throws BrokenBoxes its size cannot be
   */
  public Box first() throws IOException {
    return sound(at(bytes, body, end));
  }

  /** The box behind it, in the same outer one; null for none. Throws as {@link #first}. */
  public Box next() throws IOException {
    return sound(at(bytes, end, limit));
  }

  private static Box sound(Box box) {
    // Only what lies in the file itself may have no size.
    if (box != null && (box.isTorn() || box.isOpen() && box.limit() != box.bytes().size())) {
      long size = box.isOpen() ? 0 : box.end() == Long.MAX_VALUE ? -1 : box.end() - box.start();
      throw new BrokenBoxes(
          "the box '" + box.shownType() + "' at byte " + box.start() + " says that it has " + Long.toUnsignedString(size)
              + " bytes, where " + (box.limit() - box.start()) + " are left");
    }
    return box;
  }

  public boolean is(String wanted) {
    return type.equals(wanted);
  }

  /** The first box at the end of the path; empty for none. */
  public Optional<Box> find(String... path) throws IOException {
    Box found = this;
    for (String wanted : path) {
      found = found.first();
      while (found != null && !found.is(wanted)) {
        found = found.next();
      }
      if (found == null) {
        return Optional.empty();
      }
    }
    return Optional.of(found);
  }

  /** @throws BrokenBoxes there is none */
  public Box need(String... path) throws IOException {
    return find(path).orElseThrow(
        () -> new BrokenBoxes("the box '" + shownType() + "' has no '" + String.join("/", path) + "'"));
  }

  /** All boxes of the type in it; for those that cannot be many. */
  public List<Box> all(String wanted) throws IOException {
    List<Box> all = new ArrayList<>();
    for (Box box = first(); box != null; box = box.next()) {
      if (box.is(wanted)) {
        all.add(box);
      }
    }
    return all;
  }

  /** Bytes in it, its header not counted. */
  public long length() {
    return end - body;
  }

  private long place(long at, int length) {
    if (at < 0 || at > length() - length) {
      throw new BrokenBoxes("the box '" + shownType() + "' has " + length() + " bytes where " + (at + length) + " are needed");
    }
    return body + at;
  }

  /** A field, by its place behind the header; so are all below. */
  public int u8(long at) throws IOException {
    return bytes.u8(place(at, 1));
  }

  public int u16(long at) throws IOException {
    return bytes.u16(place(at, 2));
  }

  public int i32(long at) throws IOException {
    return bytes.i32(place(at, Integer.BYTES));
  }

  public long u32(long at) throws IOException {
    return bytes.u32(place(at, Integer.BYTES));
  }

  public long i64(long at) throws IOException {
    return bytes.i64(place(at, Long.BYTES));
  }

  /** Four characters. */
  public String letters(long at) throws IOException {
    return letters(i32(at));
  }

  private static String letters(int type) {
    byte[] four = ByteBuffer.allocate(Integer.BYTES).putInt(type).array();
    return new String(four, StandardCharsets.ISO_8859_1);
  }

  /** Its type as a message can show it. */
  public String shownType() {
    return type.replaceAll("[^ -~]", "?");
  }

  /** Of a full box: whether times in it have 64 bits. */
  public boolean isLarge() throws IOException {
    return u8(0) == 1;
  }

  public int flags() throws IOException {
    return i32(0) & 0xffffff;
  }

  /** Of {@code mvhd} and {@code mdhd}: units a second. */
  public long timescale() throws IOException {
    return u32(isLarge() ? 20 : 12);
  }

  /** Of {@code tkhd}. */
  public long trackId() throws IOException {
    return u32(isLarge() ? 20 : 12);
  }

  /**
   * What is in it.
   *
   * @throws BrokenBoxes it is more than the given number of bytes
   */
  public byte[] content(int most) throws IOException {
    return copy(body, most);
  }

  /** The box, its header included; throws as {@link #content}. */
  public byte[] whole(int most) throws IOException {
    return copy(start, most);
  }

  private byte[] copy(long from, int most) throws IOException {
    if (end - from > most) {
      throw new BrokenBoxes(
          "the box '" + shownType() + "' at byte " + start + " has " + (end - from) + " bytes; " + most + " are taken");
    }
    return bytes.copy(from, (int) (end - from));
  }
}
