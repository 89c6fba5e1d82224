package org.reelway.conference.multirecorder;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reelway.media.mp4.Box;
import org.reelway.stream.recorder.EditShift;

/**
 * What the beginning of a piece says of one of its tracks. Boxes are kept as they are: nobody knows the codec better than
 * who wrote them.
 *
 * @param id in the piece
 * @param timescale units in a second
 * @param tkhd content of the track header, for size and matrix
 * @param hdlr whole box; @param mediaHeader {@code vmhd} or {@code smhd}, whole; @param dinf whole; @param stsd whole
 * @param shift seconds from a sample's composition time to its time in the piece, from the piece's edit list
 */
record TrackHead(
    long id, long timescale, byte[] tkhd, byte[] hdlr, byte[] mediaHeader, byte[] dinf, byte[] stsd, double shift) {
  private static final int LARGEST = 1 << 20;

  /**
   * All tracks of a piece, by their ids.
   *
   * @throws org.reelway.media.mp4.BrokenBoxes it is not what a recorder writes
   */
  static Map<Long, TrackHead> all(Box moov) throws IOException {
    long movieTimescale = moov.need("mvhd").timescale();
    Map<Long, TrackHead> heads = new LinkedHashMap<>();
    for (Box trak : moov.all("trak")) {
      TrackHead head = of(trak, movieTimescale);
      heads.put(head.id(), head);
    }
    return heads;
  }

  private static TrackHead of(Box trak, long movieTimescale) throws IOException {
    Box tkhd = trak.need("tkhd");
    Box mdia = trak.need("mdia");
    long timescale = Math.max(1, mdia.need("mdhd").timescale());
    Box hdlr = mdia.need("hdlr");
    Box minf = mdia.need("minf");
    return new TrackHead(
        tkhd.trackId(), timescale, tkhd.content(LARGEST), hdlr.whole(LARGEST),
        minf.need(hdlr.letters(8).equals("vide") ? "vmhd" : "smhd").whole(LARGEST), minf.need("dinf").whole(LARGEST),
        minf.need("stbl", "stsd").whole(LARGEST), EditShift.of(trak, timescale, movieTimescale));
  }
}
