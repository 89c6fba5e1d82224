package org.reelway.media.mp4;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of an edit list (ISO/IEC 14496-12, 8.6.6).
 *
 * @param length in units of the movie; 0 in the last one of a fragmented file for "to its end"
 * @param mediaTime in units of the media; -1 for an empty one
 * @param rate 16.16; 0 for one that holds a picture
 */
public record EditEntry(long length, long mediaTime, int rate) {
  private static final int MOST = 100_000;
  private static final int FIRST = 8;
  private static final int SMALL = 12;
  private static final int LARGE = 20;
  private static final long EMPTY = -1;

  /** Nothing of the media is seen; the last picture may stand. */
  public boolean isPause() {
    return mediaTime == EMPTY || rate == 0;
  }

  /** @throws BrokenBoxes an entry cannot be */
  public static List<EditEntry> of(Box elst) throws IOException {
    boolean large = elst.isLarge();
    int size = large ? LARGE : SMALL;
    long count = elst.u32(4);
    if (count > MOST || FIRST + count * size > elst.length()) {
      throw new BrokenBoxes(
          "the edit list says that it has " + count + " entries, where there is room for "
              + Math.min(MOST, (elst.length() - FIRST) / size));
    }
    List<EditEntry> entries = new ArrayList<>();
    for (long at = FIRST; entries.size() < count; at += size) {
      EditEntry entry =
          large
              ? new EditEntry(elst.i64(at), elst.i64(at + 8), elst.i32(at + 16))
              : new EditEntry(elst.u32(at), elst.i32(at + 4), elst.i32(at + 8));
      if (entry.length() < 0 || entry.mediaTime() < EMPTY) {
        throw new BrokenBoxes(
            "the edit list has an entry of length " + entry.length() + " from " + entry.mediaTime()
                + " on, which is before the media begins");
      }
      entries.add(entry);
    }
    return entries;
  }
}
