package org.reelway.recorder;

import java.nio.ByteBuffer;

/** How a track's own time becomes that of its file, by an edit list as ffmpeg writes it. */
public final class EditShift {
  private EditShift() {}

  /**
   * Of at most one edit that waits, then one that begins at a time of the media.
   *
   * @param timescale units of the media in a second; @param movieTimescale units of the list in a second
   * @return seconds from a sample's own time to its time in the file; 0 where there is no list
   */
  public static double of(Mp4Boxes trak, long timescale, long movieTimescale) {
    var elst = trak.at("edts", "elst");
    if (elst.isEmpty()) {
      return 0;
    }
    ByteBuffer in = trak.bytes();
    int at = elst.get().body();
    boolean wide = in.get(at) == 1;
    int count = in.getInt(at + 4);
    double shift = 0;
    for (int i = 0; i < count; i++) {
      int entry = at + 8 + i * (wide ? 20 : 12);
      long duration = wide ? in.getLong(entry) : in.getInt(entry) & 0xffffffffL;
      long mediaTime = wide ? in.getLong(entry + 8) : in.getInt(entry + 4);
      if (mediaTime >= 0) {
        return shift - (double) mediaTime / timescale;
      }
      shift += (double) duration / Math.max(1, movieTimescale);
    }
    return shift;
  }
}
