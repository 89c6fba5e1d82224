package org.reelway.stream.recorder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reelway.failure.OurFailure;
import org.reelway.media.mp4.Box;
import org.reelway.media.mp4.BoxContent;
import org.reelway.media.mp4.SampleDefaults;
import org.reelway.media.mp4.SampleEntry;

/** What stands before the fragments of a fragmented MP4: {@code ftyp} and {@code moov}. Every piece begins with it. */
public final class StreamBeginning {
  private static final int LARGEST = 4 << 20;

  private final Box boxes;
  private final Map<Long, Track> tracks = new LinkedHashMap<>();
  private final Map<Long, SampleDefaults> defaults;

  /**
   * @param timescale units in a second
   * @param video whether it has pictures
   * @param shift seconds from the track's own time to that of the stream
   * @param waits seconds of the stream before the track's own zero, which are part of the shift
   */
  record Track(long id, long timescale, boolean video, String codec, double shift, double waits) {}

  private StreamBeginning(Box boxes) throws IOException {
    this.boxes = boxes;
    Box moov = boxes.need("moov");
    this.defaults = SampleDefaults.of(moov.need("mvex"));
    long movieTimescale = moov.need("mvhd").timescale();
    for (Box trak : moov.all("trak")) {
      long id = trak.need("tkhd").trackId();
      long timescale = Math.max(1, trak.need("mdia", "mdhd").timescale());
      boolean video = trak.need("mdia", "hdlr").letters(8).equals("vide");
      String codec = SampleEntry.of(trak.need("mdia", "minf", "stbl", "stsd"), video).codec();
      tracks.put(
          id,
          new Track(
              id, timescale, video, codec, EditShift.of(trak, timescale, movieTimescale),
              EditShift.waits(trak, movieTimescale)));
    }
  }

  /** @throws org.reelway.media.mp4.BrokenBoxes when it is not what ffmpeg writes */
  static StreamBeginning of(byte[] bytes) throws IOException {
    return new StreamBeginning(Box.file(bytes));
  }

  Map<Long, Track> tracks() {
    return tracks;
  }

  Map<Long, SampleDefaults> defaults() {
    return defaults;
  }

  Track track(long id) {
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
  Piece piece(boolean first) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Box box = boxes.first(); box != null; box = box.next()) {
      all.writeBytes(box.is("moov") ? moov(box, first) : box.whole(LARGEST));
    }
    Box moov = Box.file(all.toByteArray()).need("moov");
    long durationAt = moov.need("mvex", "mehd").body() + 4;
    return new Piece(all.toByteArray(), durationAt, Math.max(1, moov.need("mvhd").timescale()), first);
  }

  private static byte[] moov(Box moov, boolean first) throws IOException {
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    for (Box box = moov.first(); box != null; box = box.next()) {
      if (box.is("mvex")) {
        inner.writeBytes(
            BoxContent.box("mvex", BoxContent.full("mehd", 1, 0, new byte[Long.BYTES]), box.content(LARGEST)));
      } else {
        inner.writeBytes(box.is("trak") && !first ? EditShift.withoutWait(box) : box.whole(LARGEST));
      }
    }
    return BoxContent.box("moov", inner.toByteArray());
  }

  /**
   * @param durationAt where eight bytes wait for the duration
   * @param timescale its units in a second
   * @param waitsInList whether its edit lists tell how long tracks wait, and not their times
   */
  record Piece(byte[] bytes, long durationAt, long timescale, boolean waitsInList) {}
}
