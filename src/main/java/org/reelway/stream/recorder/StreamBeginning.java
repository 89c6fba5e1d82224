package org.reelway.stream.recorder;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reelway.failure.OurFailure;

/** What stands before the fragments of a fragmented MP4: {@code ftyp} and {@code moov}. Every piece begins with it. */
public final class StreamBeginning {
  private static final int TRACK_ID_OF_TREX = 4;
  private static final int SAMPLE_DURATION_OF_TREX = 12;
  private static final int MEHD_SIZE = 20;

  private final byte[] bytes;
  private final Map<Integer, Track> tracks;

  /**
   * @param timescale units in a second
   * @param video whether it has pictures
   * @param sampleDuration where a fragment does not say it
   * @param shift seconds from the track's own time to that of the stream
   * @param waits seconds of the stream before the track's own zero, which are part of the shift
   */
  record Track(int id, long timescale, boolean video, String codec, long sampleDuration, double shift, double waits) {}

  private StreamBeginning(byte[] bytes, Map<Integer, Track> tracks) {
    this.bytes = bytes;
    this.tracks = tracks;
  }

  /** @throws OurFailure when it is not what ffmpeg writes */
  static StreamBeginning of(byte[] bytes) {
    Mp4Boxes all = Mp4Boxes.of(bytes);
    Mp4Boxes moov = all.in(all.first("moov").orElseThrow(() -> foreign("moov")));
    Map<Integer, Long> durations = sampleDurations(moov);
    Map<Integer, Track> tracks = new LinkedHashMap<>();
    int mvhd = moov.first("mvhd").orElseThrow(() -> foreign("mvhd")).body();
    long movieTimescale = moov.bytes().getInt(mvhd + (moov.bytes().get(mvhd) == 1 ? 20 : 12)) & 0xffffffffL;
    for (Mp4Boxes.Box trak : moov.all("trak")) {
      Track track = track(moov.in(trak), durations, movieTimescale);
      tracks.put(track.id(), track);
    }
    if (tracks.isEmpty()) {
      throw foreign("trak");
    }
    return new StreamBeginning(bytes, tracks);
  }

  private static Map<Integer, Long> sampleDurations(Mp4Boxes moov) {
    Map<Integer, Long> durations = new LinkedHashMap<>();
    Mp4Boxes mvex = moov.in(moov.first("mvex").orElseThrow(() -> foreign("mvex")));
    for (Mp4Boxes.Box trex : mvex.all("trex")) {
      ByteBuffer in = mvex.bytes();
      durations.put(
          in.getInt(trex.body() + TRACK_ID_OF_TREX),
          in.getInt(trex.body() + SAMPLE_DURATION_OF_TREX) & 0xffffffffL);
    }
    return durations;
  }

  private static Track track(Mp4Boxes trak, Map<Integer, Long> durations, long movieTimescale) {
    ByteBuffer in = trak.bytes();
    int tkhd = trak.first("tkhd").orElseThrow(() -> foreign("tkhd")).body();
    int id = in.getInt(tkhd + (in.get(tkhd) == 1 ? 20 : 12));
    int mdhd = trak.at("mdia", "mdhd").orElseThrow(() -> foreign("mdhd")).body();
    long timescale = Math.max(1, in.getInt(mdhd + (in.get(mdhd) == 1 ? 20 : 12)) & 0xffffffffL);
    int hdlr = trak.at("mdia", "hdlr").orElseThrow(() -> foreign("hdlr")).body();
    int stsd = trak.at("mdia", "minf", "stbl", "stsd").orElseThrow(() -> foreign("stsd")).body();
    return new Track(
        id, timescale, Mp4Boxes.type(in, hdlr + 8).equals("vide"), Mp4Boxes.type(in, stsd + 12),
        durations.getOrDefault(id, 0L), EditShift.of(trak, timescale, movieTimescale),
        EditShift.waits(trak, movieTimescale));
  }

  private static OurFailure foreign(String box) {
    return new OurFailure("ffmpeg wrote a fragmented MP4 without a " + box + " box");
  }

  Map<Integer, Track> tracks() {
    return tracks;
  }

  Track track(int id) {
    Track track = tracks.get(id);
    if (track == null) {
      throw new OurFailure("ffmpeg wrote a fragment of track " + id + ", which its moov box does not have");
    }
    return track;
  }

  /** Codec of the first track of the kind, four letters such as avc1; empty for none. */
  public String codec(boolean video) {
    return tracks.values().stream().filter(track -> track.video() == video).map(Track::codec).findFirst().orElse("");
  }

  /**
   * The beginning of a piece, with a place for its duration ({@code mehd}), which is known at its end: without it players
   * would have to read the whole file to tell its length. A track that began later than the others in the stream waits in the
   * stream's first piece, and in no other.
   */
  Piece piece(boolean first) {
    Mp4Boxes all = Mp4Boxes.of(bytes.clone());
    Mp4Boxes.Box moov = all.first("moov").orElseThrow();
    Mp4Boxes inMoov = all.in(moov);
    Mp4Boxes.Box mvex = inMoov.first("mvex").orElseThrow();
    if (!first) {
      inMoov.all("trak").forEach(trak -> EditShift.begin(inMoov.in(trak)));
    }
    int mvhd = inMoov.first("mvhd").orElseThrow(() -> foreign("mvhd")).body();
    ByteBuffer in = all.bytes();
    long timescale = in.getInt(mvhd + (in.get(mvhd) == 1 ? 20 : 12)) & 0xffffffffL;
    ByteBuffer made = ByteBuffer.allocate(bytes.length + MEHD_SIZE);
    made.put(in.array(), 0, mvex.body());
    made.putInt(MEHD_SIZE).put(new byte[] {'m', 'e', 'h', 'd', 1, 0, 0, 0});
    int durationAt = made.position();
    made.putLong(0).put(in.array(), mvex.body(), bytes.length - mvex.body());
    made.putInt(moov.start(), moov.end() - moov.start() + MEHD_SIZE);
    made.putInt(mvex.start(), mvex.end() - mvex.start() + MEHD_SIZE);
    return new Piece(made.array(), durationAt, Math.max(1, timescale), first);
  }

  /**
   * @param durationAt where eight bytes wait for the duration
   * @param timescale its units in a second
   * @param waitsInList whether its edit lists tell how long tracks wait, and not their times
   */
  record Piece(byte[] bytes, int durationAt, long timescale, boolean waitsInList) {}
}
