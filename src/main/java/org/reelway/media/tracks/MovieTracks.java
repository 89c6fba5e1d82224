package org.reelway.media.tracks;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.recording.MediaBytes;

/**
 * Reads the tracks of an MP4 or MOV: the heads of its boxes, what describes a track, and nothing of its media, so that the
 * size of the file does not matter. Of a fragmented one the heads of all fragments are read.
 */
public final class MovieTracks {
  private static final int MOST_TRACKS = 1000;
  private static final int WINDOW = 4096;

  private final MediaBytes bytes;
  private final List<TrackReader> readers = new ArrayList<>();
  private final Fragments fragments = new Fragments();
  private long movieTimescale;
  private long secondsFrom1904;
  private boolean hasIndex;

  private MovieTracks(MediaBytes bytes) {
    this.bytes = bytes;
  }

  /**
   * The video and audio tracks in the order of the file.
   *
   * @throws InputFailure it is no MP4, has no index, or contradicts itself; the message says what was found
   * @throws IOException it cannot be read
   */
  public static List<Track> of(Path file) throws IOException {
    return read(file, MovieTracks::read);
  }

  /**
   * When it was made, as its head ({@code mvhd}) says; empty where that is nothing that can be.
   *
   * @throws InputFailure as above
   * @throws IOException it cannot be read
   */
  public static Optional<Instant> created(Path file) throws IOException {
    long seconds =
        read(
            file,
            movie -> {
              movie.read();
              return movie.secondsFrom1904;
            });
    return Optional.of(MovieTime.at(seconds)).filter(Instant.EPOCH::isBefore);
  }

  private interface Reading<T> {
    T of(MovieTracks movie) throws IOException;
  }

  private static <T> T read(Path file, Reading<T> reading) throws IOException {
    try (MediaBytes bytes = MediaBytes.open(file, WINDOW)) {
      return reading.of(new MovieTracks(bytes));
    } catch (BrokenBoxes e) {
      throw new InputFailure(file + " is no sound MP4: " + e.getMessage() + "; see reelway repair", e);
    } catch (EOFException e) {
      throw new InputFailure(file + " is no sound MP4: it ends too early; see reelway repair", e);
    }
  }

  private List<Track> read() throws IOException {
    Optional<FileBox> box = FileBox.at(bytes, 0, bytes.size());
    while (box.isPresent()) {
      if (box.get().type().equals("moov") && !hasIndex) {
        hasIndex = true;
        box.get().each(bytes, this::take);
      } else if (box.get().type().equals("moof")) {
        fragments.take(bytes, box.get());
      }
      box = FileBox.at(bytes, box.get().end(), bytes.size());
    }
    if (!hasIndex) {
      throw new BrokenBoxes("it has no index ('moov'), as a recording has not whose writer was stopped");
    }
    if (movieTimescale == 0) {
      throw new BrokenBoxes("its index has no head ('mvhd')");
    }
    List<Track> tracks = new ArrayList<>();
    for (TrackReader reader : readers) {
      reader.track(movieTimescale, fragments).ifPresent(tracks::add);
    }
    return tracks;
  }

  private void take(FileBox box) throws IOException {
    switch (box.type()) {
      case "mvhd" -> {
        boolean large = bytes.u8(box.atLeast(20).body()) == 1;
        movieTimescale = bytes.u32(box.body() + (large ? 20 : 12));
        secondsFrom1904 = large ? bytes.u32(box.body() + 4) << 32 | bytes.u32(box.body() + 8) : bytes.u32(box.body() + 4);
        if (movieTimescale == 0) {
          throw new BrokenBoxes("its head has no time scale");
        }
      }
      case "mvex" -> fragments.takeDefaults(bytes, box);
      case "trak" -> {
        if (readers.size() == MOST_TRACKS) {
          throw new BrokenBoxes("it has more than " + MOST_TRACKS + " tracks");
        }
        readers.add(TrackReader.of(bytes, box));
      }
      default -> { }
    }
  }
}
