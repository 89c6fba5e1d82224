package org.reelway.media.tracks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.reelway.recording.MediaBytes;

/** The edit list of a track (ISO/IEC 14496-12, 8.6.6), checked entry by entry. */
final class EditList {
  private static final int MOST_ENTRIES = 100_000;
  private static final int FIRST_ENTRY = 8;
  private static final int SMALL_ENTRY = 12;
  private static final int LARGE_ENTRY = 20;
  private static final long EMPTY = -1;
  /** A hundred years: no recording is longer, and sums of microseconds stay far from the end of their range. */
  private static final long LONGEST_SECONDS = 3_155_760_000L;

  private EditList() {}

  /**
   * @param length of the entry, in units of the movie; 0 in the last one of a fragmented file for "to its end"
   * @param mediaTime in units of the media; -1 for an empty one
   * @param rate 16.16; 0 for one that holds a picture
   */
  private record Entry(long length, long mediaTime, int rate) {
    boolean isPause() {
      return mediaTime == EMPTY || rate == 0;
    }
  }

  /**
   * @param movieTimescale units a second of the lengths
   * @param timescale units a second of the media
   * @param mediaUnits length of the media
   * @throws BrokenBoxes an entry cannot be
   */
  static List<TrackEdit> of(MediaBytes bytes, FileBox elst, long movieTimescale, long timescale, long mediaUnits)
      throws IOException {
    List<TrackEdit> edits = new ArrayList<>();
    long movieUnits = 0;
    for (Entry entry : entries(bytes, elst)) {
      long length = entry.length() == 0 && !entry.isPause()
          ? scaled(Math.max(0, mediaUnits - entry.mediaTime()), timescale, movieTimescale)
          : entry.length();
      long start = micros(movieUnits, movieTimescale);
      movieUnits += length;
      long end = micros(movieUnits, movieTimescale);
      if (end > start) {
        edits.add(entry.isPause()
            ? TrackEdit.pause(start, end)
            : new TrackEdit(start, end, micros(entry.mediaTime(), timescale)));
      }
    }
    return edits;
  }

  /** That of a track without a list: its whole media; what begins late in a fragmented file comes after a pause. */
  static List<TrackEdit> whole(long timescale, long firstUnit, long mediaUnits) {
    long start = micros(firstUnit, timescale);
    long end = micros(mediaUnits, timescale);
    if (end <= start) {
      return List.of();
    }
    TrackEdit media = new TrackEdit(start, end, start);
    return start == 0 ? List.of(media) : List.of(TrackEdit.pause(0, start), media);
  }

  private static List<Entry> entries(MediaBytes bytes, FileBox elst) throws IOException {
    elst.atLeast(FIRST_ENTRY);
    boolean large = bytes.u8(elst.body()) == 1;
    int size = large ? LARGE_ENTRY : SMALL_ENTRY;
    long count = bytes.u32(elst.body() + 4);
    if (count > MOST_ENTRIES || FIRST_ENTRY + count * size > elst.length()) {
      throw new BrokenBoxes(
          "the edit list says that it has " + count + " entries, where there is room for "
              + Math.min(MOST_ENTRIES, (elst.length() - FIRST_ENTRY) / size));
    }
    List<Entry> entries = new ArrayList<>();
    for (long at = elst.body() + FIRST_ENTRY; entries.size() < count; at += size) {
      entries.add(large
          ? new Entry(bytes.i64(at), bytes.i64(at + 8), bytes.i32(at + 16))
          : new Entry(bytes.u32(at), bytes.i32(at + 4), bytes.i32(at + 8)));
    }
    for (Entry entry : entries) {
      if (entry.length() < 0 || entry.mediaTime() < EMPTY) {
        throw new BrokenBoxes(
            "the edit list has an entry of length " + entry.length() + " from " + entry.mediaTime()
                + " on, which is before the media begins");
      }
    }
    return entries;
  }

  /** @throws BrokenBoxes it is longer than a hundred years */
  static long micros(long units, long timescale) {
    if (units < 0 || units / timescale > LONGEST_SECONDS) {
      throw new BrokenBoxes("a track ends after " + Long.toUnsignedString(units / timescale) + " s, which cannot be");
    }
    return scaled(units, timescale, 1_000_000);
  }

  private static long scaled(long units, long from, long to) {
    return units / from * to + Math.round((double) (units % from) * to / from);
  }
}
