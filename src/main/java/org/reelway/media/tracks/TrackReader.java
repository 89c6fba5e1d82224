package org.reelway.media.tracks;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.reelway.recording.MediaBytes;

/** Reads one {@code trak} box. */
final class TrackReader {
  /** A name may be long, but not a book. */
  private static final int LONGEST_NAMES = 64 * 1024;

  private static final int HANDLER_NAME = 24;

  private final MediaBytes bytes;
  private final TrackNames names = new TrackNames();
  private long id;
  private long timescale;
  private long mediaUnits;
  private Track.Kind kind;
  private FileBox descriptions;
  private FileBox edits;

  private TrackReader(MediaBytes bytes) {
    this.bytes = bytes;
  }

  static TrackReader of(MediaBytes bytes, FileBox trak) throws IOException {
    TrackReader reader = new TrackReader(bytes);
    trak.each(bytes, reader::take);
    return reader;
  }

  /** Only boxes that a track is made of are opened, so that no nesting goes deeper than theirs. */
  private void take(FileBox box) throws IOException {
    switch (box.type()) {
      case "mdia", "minf", "stbl", "edts" -> box.each(bytes, this::take);
      case "tkhd" -> id = bytes.u32(box.atLeast(24).body() + (isLarge(box) ? 20 : 12));
      case "mdhd" -> times(box.atLeast(20));
      case "hdlr" -> handler(box.atLeast(HANDLER_NAME));
      case "stsd" -> descriptions = box;
      case "elst" -> edits = box;
      case "udta" -> names.udta(box.copy(bytes, LONGEST_NAMES));
      case "meta" -> names.meta(box.copy(bytes, LONGEST_NAMES));
      default -> { }
    }
  }

  private boolean isLarge(FileBox box) throws IOException {
    return bytes.u8(box.body()) == 1;
  }

  private void times(FileBox mdhd) throws IOException {
    boolean large = isLarge(mdhd);
    timescale = bytes.u32(mdhd.atLeast(large ? 32 : 20).body() + (large ? 20 : 12));
    mediaUnits = large ? bytes.i64(mdhd.body() + 24) : bytes.u32(mdhd.body() + 16);
    boolean unknown = large ? mediaUnits == -1 : mediaUnits == 0xffff_ffffL;
    mediaUnits = unknown ? 0 : mediaUnits;
  }

  /** The one of the media comes first; another may stand in {@code minf}, of QuickTime's data references. */
  private void handler(FileBox hdlr) throws IOException {
    String type = FileBox.letters(bytes.i32(hdlr.body() + 8));
    if (kind == null && (type.equals("vide") || type.equals("soun"))) {
      kind = type.equals("vide") ? Track.Kind.VIDEO : Track.Kind.AUDIO;
      names.handlerName(hdlr.copy(bytes, LONGEST_NAMES).position(HANDLER_NAME));
    }
  }

  /**
   * Empty for what is neither video nor audio.
   *
   * @param movieTimescale units a second of edit lists
   * @param fragments what comes behind the movie's head
   */
  Optional<Track> track(long movieTimescale, Fragments fragments) throws IOException {
    if (kind == null) {
      return Optional.empty();
    }
    if (timescale == 0) {
      throw new BrokenBoxes("track " + id + " has no time scale");
    }
    if (descriptions == null) {
      throw new BrokenBoxes("track " + id + " does not say how it is coded (no 'stsd')");
    }
    SampleEntry entry = SampleEntry.of(bytes, descriptions, kind);
    return Optional.of(
        new Track(
            kind, id, timescale, names.metadata(), entry.codec(), entry.width(), entry.height(), entry.channels(),
            entry.sampleRate(), edits(movieTimescale, fragments)));
  }

  private List<TrackEdit> edits(long movieTimescale, Fragments fragments) throws IOException {
    long units = Math.max(mediaUnits, fragments.end(id));
    return edits == null || units == 0
        ? EditList.whole(timescale, mediaUnits > 0 ? 0 : fragments.start(id), units)
        : EditList.of(bytes, edits, movieTimescale, timescale, units);
  }
}
