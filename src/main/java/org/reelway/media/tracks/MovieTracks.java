package org.reelway.media.tracks;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.media.MediaBytes;
import org.reelway.media.mp4.Box;
import org.reelway.media.mp4.BrokenBoxes;
import org.reelway.media.mp4.SampleDefaults;
import org.reelway.media.mp4.TrackFragment;

/**
 * Reads the tracks of an MP4 or MOV: the heads of its boxes, what describes a track, and nothing of its media, so that the
 * size of the file does not matter. Of a fragmented one the heads of all fragments are read.
 */
public final class MovieTracks {
  private static final int MOST_TRACKS = 1000;

  private final List<TrackReader> readers = new ArrayList<>();
  private final Map<Long, SampleDefaults> defaults = new HashMap<>();
  private final Map<Long, Fragments> fragments = new HashMap<>();
  private long movieTimescale;
  private long secondsFrom1904;

  /**
   * A track's media in fragments.
   *
   * @param start of the first one, in units of the track; 0 for none
   * @param end of the last one, likewise
   */
  record Fragments(long start, long end) {
    static final Fragments NONE = new Fragments(0, 0);
  }

  private MovieTracks() {}

  /**
   * The video and audio tracks in the order of the file.
   *
   * @throws InputFailure it is no MP4, has no index, or contradicts itself; the message says what was found
   * @throws IOException it cannot be read
   */
  public static List<Track> of(Path file) throws IOException {
    return read(file, MovieTracks::tracks);
  }

  /**
   * When it was made, as its head ({@code mvhd}) says; empty where that is nothing that can be.
   *
   * @throws InputFailure as above
   * @throws IOException it cannot be read
   */
  public static Optional<Instant> created(Path file) throws IOException {
    long seconds = read(file, movie -> movie.secondsFrom1904);
    return Optional.of(MovieTime.at(seconds)).filter(Instant.EPOCH::isBefore);
  }

  private interface Reading<T> {
    T of(MovieTracks movie) throws IOException;
  }

  private static <T> T read(Path file, Reading<T> reading) throws IOException {
    try (MediaBytes bytes = MediaBytes.open(file)) {
      MovieTracks movie = new MovieTracks();
      movie.read(Box.file(bytes));
      return reading.of(movie);
    } catch (BrokenBoxes e) {
      throw new InputFailure(file + " is no sound MP4: " + e.getMessage() + "; see reelway repair", e);
    } catch (EOFException e) {
      throw new InputFailure(file + " is no sound MP4: it ends too early; see reelway repair", e);
    }
  }

  private void read(Box file) throws IOException {
    boolean hasIndex = false;
    for (Box box = file.first(); box != null; box = box.next()) {
      if (box.is("moov") && !hasIndex) {
        hasIndex = true;
        readIndex(box);
      } else if (box.is("moof")) {
        for (TrackFragment fragment : TrackFragment.all(box, defaults)) {
          take(fragment);
        }
      }
    }
    if (!hasIndex) {
      throw new BrokenBoxes("it has no index ('moov'), as a recording has not whose writer was stopped");
    }
    if (movieTimescale == 0) {
      throw new BrokenBoxes("its index has no head ('mvhd')");
    }
  }

  private void readIndex(Box moov) throws IOException {
    for (Box box = moov.first(); box != null; box = box.next()) {
      switch (box.type()) {
        case "mvhd" -> {
          movieTimescale = box.timescale();
          secondsFrom1904 = box.isLarge() ? box.i64(4) : box.u32(4);
          if (movieTimescale == 0) {
            throw new BrokenBoxes("its head has no time scale");
          }
        }
        case "mvex" -> defaults.putAll(SampleDefaults.of(box));
        case "trak" -> {
          if (readers.size() == MOST_TRACKS) {
            throw tooMany();
          }
          readers.add(TrackReader.of(box));
        }
        default -> { }
      }
    }
  }

  private static BrokenBoxes tooMany() {
    return new BrokenBoxes("it has more than " + MOST_TRACKS + " tracks");
  }

  private void take(TrackFragment fragment) throws IOException {
    Fragments before = fragments.get(fragment.track());
    if (before == null && fragments.size() == MOST_TRACKS) {
      throw tooMany();
    }
    long known = before == null ? 0 : before.end();
    long start = fragment.decodeTime() < 0 ? known : fragment.decodeTime();
    long end = Math.max(known, start + fragment.duration());
    fragments.put(fragment.track(), new Fragments(before == null ? start : before.start(), end));
  }

  private List<Track> tracks() throws IOException {
    List<Track> tracks = new ArrayList<>();
    for (TrackReader reader : readers) {
      reader.track(movieTimescale, fragments).ifPresent(tracks::add);
    }
    return tracks;
  }
}
