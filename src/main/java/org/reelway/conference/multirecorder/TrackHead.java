package org.reelway.conference.multirecorder;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reelway.failure.InputFailure;
import org.reelway.stream.recorder.EditShift;
import org.reelway.stream.recorder.Mp4Boxes;

/**
 * What the beginning of a piece says of one of its tracks. Boxes are kept as they are: nobody knows the codec better than
 * who wrote them.
 *
 * @param id in the piece
 * @param timescale units in a second
 * @param tkhd body of the track header, for size and matrix
 * @param hdlr whole box; @param mediaHeader {@code vmhd} or {@code smhd}, whole; @param dinf whole; @param stsd whole
 * @param shift seconds from a sample's composition time to its time in the piece, from the piece's edit list
 * @param defaults of fragments that do not say otherwise
 */
record TrackHead(
    int id, long timescale, boolean video, byte[] tkhd, byte[] hdlr, byte[] mediaHeader, byte[] dinf, byte[] stsd,
    double shift, Defaults defaults) {

  /** Of {@code trex} (ISO/IEC 14496-12, 8.8.3). */
  record Defaults(int duration, int size, int flags) {
    private static final Defaults NONE = new Defaults(0, 0, 0);
  }

  /** All tracks of a piece, by their ids. */
  static Map<Integer, TrackHead> all(byte[] beginning) {
    try {
      Mp4Boxes boxes = Mp4Boxes.of(beginning);
      Mp4Boxes moov = boxes.in(boxes.first("moov").orElseThrow());
      Map<Integer, Defaults> defaults = defaults(moov);
      long movieTimescale = timescale(moov, moov.first("mvhd").orElseThrow());
      Map<Integer, TrackHead> heads = new LinkedHashMap<>();
      for (Mp4Boxes.Box trak : moov.all("trak")) {
        TrackHead head = of(moov.in(trak), movieTimescale, defaults);
        heads.put(head.id(), head);
      }
      return heads;
    } catch (java.util.NoSuchElementException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new InputFailure("the beginning of a recorded piece is not whole: " + e.getMessage());
    }
  }

  private static Map<Integer, Defaults> defaults(Mp4Boxes moov) {
    Map<Integer, Defaults> defaults = new LinkedHashMap<>();
    Mp4Boxes mvex = moov.in(moov.first("mvex").orElseThrow());
    for (Mp4Boxes.Box trex : mvex.all("trex")) {
      ByteBuffer in = mvex.bytes();
      int at = trex.body();
      defaults.put(in.getInt(at + 4), new Defaults(in.getInt(at + 12), in.getInt(at + 16), in.getInt(at + 20)));
    }
    return defaults;
  }

  private static TrackHead of(Mp4Boxes trak, long movieTimescale, Map<Integer, Defaults> defaults) {
    ByteBuffer in = trak.bytes();
    Mp4Boxes.Box tkhd = trak.first("tkhd").orElseThrow();
    int id = in.getInt(tkhd.body() + (in.get(tkhd.body()) == 1 ? 20 : 12));
    Mp4Boxes mdia = trak.in(trak.first("mdia").orElseThrow());
    long timescale = Math.max(1, timescale(mdia, mdia.first("mdhd").orElseThrow()));
    Mp4Boxes.Box hdlr = mdia.first("hdlr").orElseThrow();
    boolean video = Mp4Boxes.type(in, hdlr.body() + 8).equals("vide");
    Mp4Boxes minf = mdia.in(mdia.first("minf").orElseThrow());
    return new TrackHead(
        id, timescale, video, bytes(in, tkhd.body(), tkhd.end()), bytes(in, hdlr),
        bytes(in, minf.first(video ? "vmhd" : "smhd").orElseThrow()), bytes(in, minf.first("dinf").orElseThrow()),
        bytes(in, minf.at("stbl", "stsd").orElseThrow()), EditShift.of(trak, timescale, movieTimescale),
        defaults.getOrDefault(id, Defaults.NONE));
  }

  private static long timescale(Mp4Boxes parent, Mp4Boxes.Box header) {
    ByteBuffer in = parent.bytes();
    return in.getInt(header.body() + (in.get(header.body()) == 1 ? 20 : 12)) & 0xffffffffL;
  }

  private static byte[] bytes(ByteBuffer in, Mp4Boxes.Box box) {
    return bytes(in, box.start(), box.end());
  }

  private static byte[] bytes(ByteBuffer in, int start, int end) {
    byte[] bytes = new byte[end - start];
    in.get(start, bytes);
    return bytes;
  }

  /** Four letters of the codec, such as {@code avc1}. */
  String codec() {
    return Mp4Boxes.type(ByteBuffer.wrap(stsd), 20);
  }
}
