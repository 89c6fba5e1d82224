package org.reelway.stream.recorder;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** How a track's own time becomes that of its file, by an edit list as ffmpeg writes it. */
public final class EditShift {
  private static final int FREE = 0x66726565;

  private EditShift() {}

  /** One line of the list; its media time is -1 where it waits. */
  private record Edit(int at, int size, long duration, long mediaTime) {}

  /**
   * Of at most one edit that waits, then one that begins at a time of the media.
   *
   * @param timescale units of the media in a second; @param movieTimescale units of the list in a second
   * @return seconds from a sample's own time to its time in the file; 0 where there is no list
   */
  public static double of(Mp4Boxes trak, long timescale, long movieTimescale) {
    double skipped =
        edits(trak).stream().filter(edit -> edit.mediaTime() >= 0).mapToLong(Edit::mediaTime).findFirst().orElse(0);
    return waits(trak, movieTimescale) - skipped / timescale;
  }

  /** Seconds of the file before the track begins. */
  static double waits(Mp4Boxes trak, long movieTimescale) {
    double waits = 0;
    for (Edit edit : edits(trak)) {
      if (edit.mediaTime() >= 0) {
        break;
      }
      waits += (double) edit.duration() / Math.max(1, movieTimescale);
    }
    return waits;
  }

  private static List<Edit> edits(Mp4Boxes trak) {
    List<Edit> edits = new ArrayList<>();
    var elst = trak.at("edts", "elst");
    if (elst.isPresent()) {
      ByteBuffer in = trak.bytes();
      int list = elst.get().body();
      boolean wide = in.get(list) == 1;
      int size = wide ? 20 : 12;
      for (int i = 0; i < in.getInt(list + 4); i++) {
        int at = list + 8 + i * size;
        edits.add(
            new Edit(
                at, size, wide ? in.getLong(at) : in.getInt(at) & 0xffffffffL, wide ? in.getLong(at + 8) : in.getInt(at + 4)));
      }
    }
    return edits;
  }

  /** Takes an edit that waits out of the list, in the bytes: what it took becomes a box that is free. */
  static void begin(Mp4Boxes trak) {
    List<Edit> edits = edits(trak);
    if (edits.size() < 2 || edits.get(0).mediaTime() >= 0) {
      return;
    }
    ByteBuffer in = trak.bytes();
    int elst = trak.at("edts", "elst").orElseThrow().start();
    Edit first = edits.get(0);
    int end = first.at() + edits.size() * first.size();
    byte[] others = new byte[end - first.at() - first.size()];
    in.get(first.at() + first.size(), others);
    in.put(first.at(), others);
    in.putInt(elst, in.getInt(elst) - first.size());
    in.putInt(first.at() - 4, edits.size() - 1);
    int free = end - first.size();
    in.put(free, new byte[first.size()]);
    in.putInt(free, first.size()).putInt(free + 4, FREE);
  }
}
