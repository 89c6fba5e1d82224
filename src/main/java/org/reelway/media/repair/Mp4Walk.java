package org.reelway.media.repair;

import java.io.IOException;
import java.util.Optional;
import org.reelway.recording.MediaBytes;

/** The boxes of a cut MP4 from its start to where they end (ISO/IEC 14496-12, 4.2). */
final class Mp4Walk {
  static final int MOOV = type("moov");
  static final int MOOF = type("moof");
  static final int MDAT = type("mdat");
  private static final int FTYP = type("ftyp");
  private static final int MVEX = type("mvex");
  private static final int LEAST_MEDIA = 1024;

  private boolean known;
  private boolean moov;
  private boolean fragmented;
  private long mediaStart;
  private long usable;
  private boolean openFragment;

  private Mp4Walk() {}

  static int type(String letters) {
    return letters.charAt(0) << 24 | letters.charAt(1) << 16 | letters.charAt(2) << 8 | letters.charAt(3);
  }

  static Optional<BrokenMedia> of(MediaBytes bytes) throws IOException {
    Mp4Walk walk = new Mp4Walk();
    walk.walk(bytes);
    return walk.result(bytes);
  }

  private void walk(MediaBytes bytes) throws IOException {
    long offset = 0;
    while (bytes.has(offset, 8)) {
      long size = bytes.u32(offset);
      int header = 8;
      if (size == 1 && bytes.has(offset, 16)) {
        size = bytes.i64(offset + 8);
        header = 16;
      }
      boolean openEnd = size == 0;
      long end = openEnd ? bytes.size() : offset + size;
      boolean whole = end >= offset + header && end <= bytes.size();
      if (!takes(bytes, bytes.i32(offset + 4), offset, header, whole && !openEnd)) {
        return;
      }
      if (!whole) {
        return;
      }
      offset = end;
    }
  }

  /** Returns false where what stands there is no box to go on from. */
  private boolean takes(MediaBytes bytes, int type, long offset, int header, boolean whole) throws IOException {
    known |= type == FTYP || type == MOOV || type == MOOF;
    if (type == MDAT) {
      mediaStart = mediaStart == 0 ? offset + header : mediaStart;
      // Of a cut mdat the samples up to the cut can be had, where their index came before.
      usable = whole ? end(bytes, offset) : moov ? bytes.size() : usable;
      openFragment = false;
      return whole;
    }
    if (!whole || !isPrintable(type)) {
      return false;
    }
    if (type == MOOV) {
      moov = true;
      fragmented |= hasChild(bytes, offset + header, end(bytes, offset), MVEX);
    }
    if (type == MOOF) {
      fragmented = true;
      openFragment = true;
    }
    usable = openFragment ? usable : end(bytes, offset);
    return true;
  }

  private static long end(MediaBytes bytes, long offset) throws IOException {
    long size = bytes.u32(offset);
    return size == 1 ? offset + bytes.i64(offset + 8) : size == 0 ? bytes.size() : offset + size;
  }

  private static boolean hasChild(MediaBytes bytes, long from, long to, int type) throws IOException {
    for (long child = from; child + 8 <= to && bytes.u32(child) >= 8; child += bytes.u32(child)) {
      if (bytes.i32(child + 4) == type) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPrintable(int type) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      int letter = type >>> shift & 0xff;
      if ((letter < 0x20 || letter > 0x7e) && letter != 0xa9) {
        return false;
      }
    }
    return true;
  }

  private Optional<BrokenMedia> result(MediaBytes bytes) throws IOException {
    boolean media = mediaStart > 0 && bytes.size() - mediaStart >= LEAST_MEDIA;
    if (!media || !known && !startsWithMediaBox(bytes)) {
      return Optional.empty();
    }
    if (!moov) {
      return Optional.of(new BrokenMedia(MediaKind.MP4_WITHOUT_INDEX, bytes.size(), bytes.size(), mediaStart));
    }
    MediaKind kind = fragmented ? MediaKind.FRAGMENTED_MP4 : MediaKind.MP4;
    return Optional.of(new BrokenMedia(kind, usable, bytes.size(), 0));
  }

  /** QuickTime files may begin without ftyp. */
  private static boolean startsWithMediaBox(MediaBytes bytes) throws IOException {
    int first = bytes.i32(4);
    return first == MDAT || first == type("wide") || first == type("free") || first == type("skip");
  }
}
