package org.reelway.media.tracks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.reelway.media.mp4.Box;
import org.reelway.media.mp4.BrokenBoxes;
import org.reelway.media.mp4.EditEntry;

/** When a track is on, by its edit list (ISO/IEC 14496-12, 8.6.6). */
final class EditList {
  /** A hundred years: no recording is longer, and sums of microseconds stay far from the end of their range. */
  private static final long LONGEST_SECONDS = 3_155_760_000L;

  private EditList() {}

  /**
   * @param movieTimescale units a second of the lengths
   * @param timescale units a second of the media
   * @param mediaUnits length of the media
   * @throws BrokenBoxes an entry cannot be
   */
  static List<TrackEdit> of(Box elst, long movieTimescale, long timescale, long mediaUnits) throws IOException {
    List<TrackEdit> edits = new ArrayList<>();
    long movieUnits = 0;
    for (EditEntry entry : EditEntry.of(elst)) {
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

  /** @throws BrokenBoxes it is longer than a hundred years */
  private static long micros(long units, long timescale) {
    if (units < 0 || units / timescale > LONGEST_SECONDS) {
      throw new BrokenBoxes("a track ends after " + Long.toUnsignedString(units / timescale) + " s, which cannot be");
    }
    return scaled(units, timescale, 1_000_000);
  }

  private static long scaled(long units, long from, long to) {
    return units / from * to + Math.round((double) (units % from) * to / from);
  }
}
