package org.reelway.stream.workflow.archive;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.reelway.failure.InputFailure;
import org.reelway.media.MediaBytes;
import org.reelway.media.mp4.Box;
import org.reelway.media.mp4.BrokenBoxes;
import org.reelway.media.mp4.SampleDefaults;
import org.reelway.media.mp4.TrackFragment;

/**
 * Times in fragmented MP4 (ISO/IEC 14496-12, 8.8): heads of fragments are read, and what their tracks are like, once.
 */
final class FragmentedMovie {
  private static final int HEAD = 64 * 1024;
  private static final int LARGEST_HEAD = 4 * 1024 * 1024;
  private static final int MOST_FRAGMENTS = 5_000;

  /** What fragments are read by. */
  private record Movie(long track, long perSecond, Map<Long, SampleDefaults> defaults) {}

  /** A fragment's head. @param end of its media, in the file */
  private record Fragment(List<TrackFragment> tracks, long end) {}

  private final RangeReader reader;
  private final Movie movie;
  /** Bytes before the fragments that describe the tracks; 0 where something else does. */
  private final long from;

  private FragmentedMovie(RangeReader reader, Movie movie, long from) {
    this.reader = reader;
    this.movie = movie;
    this.from = from;
  }

  /** @param init what has the tracks; null where segments have them themselves */
  static FragmentedMovie of(RangeReader reader, RangeReader init) {
    try {
      long own = head(reader);
      if (init == null && own == 0) {
        throw new BrokenBoxes("neither has it a moov, nor lies one beside it as init.mp4");
      }
      RangeReader having = own > 0 ? reader : init;
      byte[] head = having.read(0, (int) Math.min(LARGEST_HEAD, own > 0 ? own : init.size()));
      return new FragmentedMovie(reader, movie(Box.file(head).need("moov")), own);
    } catch (IOException | BrokenBoxes e) {
      throw broken(reader, e);
    }
  }

  /** Bytes before the first fragment where the segment has its tracks' description itself; 0 where it has none. */
  static long head(RangeReader reader) {
    long at = 0;
    long moov = 0;
    try {
      for (int boxes = 0; boxes < 20 && at <= reader.size() - Box.LARGE_HEADER; boxes++) {
        Box box = Box.file(reader.read(at, Box.LARGE_HEADER, HEAD)).at(0);
        if (box.is("moof") || box.is("mdat") || box.end() <= 0) {
          break;
        }
        at = behind(at, box);
        moov = box.is("moov") ? at : moov;
      }
      return moov;
    } catch (IOException e) {
      throw broken(reader, e);
    }
  }

  private static Movie movie(Box moov) throws IOException {
    Movie first = null;
    for (Box trak : moov.all("trak")) {
      String kind = trak.need("mdia", "hdlr").letters(8);
      Movie found =
          new Movie(
              trak.need("tkhd").trackId(), trak.need("mdia", "mdhd").timescale(), SampleDefaults.of(moov.need("mvex")));
      if (kind.equals("vide")) {
        return found;
      }
      first = first == null && kind.equals("soun") ? found : first;
    }
    if (first == null || first.perSecond() == 0) {
      throw new BrokenBoxes("it has no track of pictures or sound");
    }
    return first;
  }

  SegmentTime begin() {
    try {
      int count = 0;
      for (long at = from; at <= reader.size() - Box.HEADER && count < MOST_FRAGMENTS; count++) {
        Fragment fragment = fragment(at);
        for (TrackFragment track : fragment.tracks()) {
          if (track.track() == movie.track() && track.samples() > 0) {
            long first = track.decodeTime() + track.runs().get(0).offset(0);
            return new SegmentTime(first, -1, movie.perSecond(), 0, 0, from, movie.track());
          }
        }
        at = fragment.end();
      }
      throw new BrokenBoxes("it has no samples");
    } catch (IOException | BrokenBoxes e) {
      throw broken(reader, e);
    }
  }

  /** Reads the head of each fragment. */
  SegmentTime end(SegmentTime begun) {
    try {
      long end = -1;
      int count = 0;
      for (long at = from; at <= reader.size() - Box.HEADER && count < MOST_FRAGMENTS; count++) {
        Fragment fragment = fragment(at);
        for (TrackFragment track : fragment.tracks()) {
          if (track.track() == movie.track() && track.samples() > 0) {
            end = track.decodeTime() + track.duration() + track.runs().get(0).offset(0);
          }
        }
        at = fragment.end();
      }
      return begun.withEnd(end);
    } catch (IOException | BrokenBoxes e) {
      throw broken(reader, e);
    }
  }

  /** The box at the offset, and the media behind it where it is a fragment's head. */
  private Fragment fragment(long at) throws IOException {
    Box box = Box.file(reader.read(at, Box.LARGE_HEADER, HEAD)).at(0);
    if (box == null || box.end() < Box.HEADER) {
      return new Fragment(List.of(), Long.MAX_VALUE);
    }
    if (!box.is("moof")) {
      return new Fragment(List.of(), box.isOpen() ? Long.MAX_VALUE : behind(at, box));
    }
    Box moof = Box.of(reader.read(at, (int) Math.min(LARGEST_HEAD, box.end()), HEAD));
    return new Fragment(TrackFragment.all(moof, movie.defaults()), at + box.end());
  }

  /** @param box that begins there, read by itself */
  private static long behind(long at, Box box) {
    return box.end() > Long.MAX_VALUE - at ? Long.MAX_VALUE : at + box.end();
  }

  private static InputFailure broken(RangeReader reader, Exception e) {
    return new InputFailure(reader.object().key() + " cannot be read as fragmented MP4: " + e.getMessage(), e);
  }

  /** Whether the bytes begin with a box. */
  static boolean isOne(byte[] bytes) throws IOException {
    Box box = bytes.length < Box.HEADER ? null : Box.file(MediaBytes.of(bytes)).at(0);
    return box != null && List.of("ftyp", "styp", "moov", "moof", "sidx", "prft", "emsg", "free").contains(box.type());
  }
}
