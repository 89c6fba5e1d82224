package org.reelway.media.tracks;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reelway.media.mp4.Box;
import org.reelway.media.mp4.BrokenBoxes;
import org.reelway.media.mp4.SampleEntry;

/** Reads one {@code trak} box. */
final class TrackReader {
  private static final int HANDLER_NAME = 24;
  /** Boxes that are opened, each in the one that the format puts it into: no nesting goes deeper than theirs. */
  private static final Map<String, String> INSIDE =
      Map.of("mdia", "trak", "minf", "mdia", "stbl", "minf", "edts", "trak");

  private final TrackNames names = new TrackNames();
  private long id;
  private long timescale;
  private long mediaUnits;
  private Track.Kind kind;
  private Box descriptions;
  private Box edits;

  private TrackReader() {}

  static TrackReader of(Box trak) throws IOException {
    TrackReader reader = new TrackReader();
    reader.takeAll(trak);
    return reader;
  }

  private void takeAll(Box outer) throws IOException {
    for (Box box = outer.first(); box != null; box = box.next()) {
      if (outer.type().equals(INSIDE.get(box.type()))) {
        takeAll(box);
      } else {
        take(box);
      }
    }
  }

  private void take(Box box) throws IOException {
    switch (box.type()) {
      case "tkhd" -> id = box.trackId();
      case "mdhd" -> times(box);
      case "hdlr" -> handler(box);
      case "stsd" -> descriptions = box;
      case "elst" -> edits = box;
      case "udta", "meta" -> names.take(box);
      default -> { }
    }
  }

  private void times(Box mdhd) throws IOException {
    timescale = mdhd.timescale();
    mediaUnits = mdhd.isLarge() ? mdhd.i64(24) : mdhd.u32(16);
    boolean unknown = mediaUnits == (mdhd.isLarge() ? -1 : 0xffff_ffffL);
    mediaUnits = unknown ? 0 : mediaUnits;
  }

  /** The one of the media comes first; another may stand in {@code minf}, of QuickTime's data references. */
  private void handler(Box hdlr) throws IOException {
    String type = hdlr.letters(8);
    if (kind == null && (type.equals("vide") || type.equals("soun"))) {
      kind = type.equals("vide") ? Track.Kind.VIDEO : Track.Kind.AUDIO;
      names.handlerName(hdlr.within(HANDLER_NAME));
    }
  }

  /**
   * Empty for what is neither video nor audio.
   *
   * @param movieTimescale units a second of edit lists
   * @param fragments what comes behind the movie's head, by ids of tracks
   */
  Optional<Track> track(long movieTimescale, Map<Long, MovieTracks.Fragments> fragments) throws IOException {
    if (kind == null) {
      return Optional.empty();
    }
    if (timescale == 0) {
      throw new BrokenBoxes("track " + id + " has no time scale");
    }
    if (descriptions == null) {
      throw new BrokenBoxes("track " + id + " does not say how it is coded (no 'stsd')");
    }
    SampleEntry entry = SampleEntry.of(descriptions, kind == Track.Kind.VIDEO);
    return Optional.of(
        new Track(
            kind, id, timescale, names.metadata(), entry.codec(), entry.width(), entry.height(), entry.channels(),
            entry.sampleRate(), edits(movieTimescale, fragments.getOrDefault(id, MovieTracks.Fragments.NONE))));
  }

  private List<TrackEdit> edits(long movieTimescale, MovieTracks.Fragments fragments) throws IOException {
    long units = Math.max(mediaUnits, fragments.end());
    return edits == null || units == 0
        ? EditList.whole(timescale, mediaUnits > 0 ? 0 : fragments.start(), units)
        : EditList.of(edits, movieTimescale, timescale, units);
  }
}
