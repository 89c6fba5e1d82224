package org.reelway.conference.mixer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.media.tracks.MovieTracks;
import org.reelway.media.tracks.Track;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A recording that is to be mixed, with what backends are told of it.
 *
 * @param recording absolute
 * @param recorderUri of the multi-recorder; empty for none
 * @param created when the recording began
 * @param length of the recording; zero where nobody knows
 */
public record MixOrder(Path recording, String recorderUri, Instant created, Duration length) {
  private static final Logger LOG = LoggerFactory.getLogger(MixOrder.class);

  /** @throws InputFailure it is a mix itself */
  public MixOrder {
    if (MixedName.isMixed(recording)) {
      throw new InputFailure(recording + " is a mix already, and not mixed again; name the recording that it was made of");
    }
  }

  /**
   * What is not given is taken from the file: its head, else its modification time; its longest track.
   *
   * @throws InputFailure it is a mix itself
   * @throws IOException the file cannot be read
   */
  public static MixOrder of(
      Path recording, String recorderUri, Optional<Instant> created, Optional<Duration> length) throws IOException {
    return new MixOrder(
        recording, recorderUri, created.isPresent() ? created.get() : created(recording),
        length.isPresent() ? length.get() : length(recording));
  }

  private static Instant created(Path file) throws IOException {
    Instant modified = Files.getLastModifiedTime(file).toInstant();
    try {
      return MovieTracks.created(file).orElse(modified);
    } catch (InputFailure e) {
      // That it is no movie is told when it is mixed.
      return modified;
    }
  }

  private static Duration length(Path file) throws IOException {
    try {
      return Duration.ofMillis(MovieTracks.of(file).stream().mapToLong(Track::durationMillis).max().orElse(0));
    } catch (InputFailure e) {
      LOG.warn("how long {} is cannot be told: {}", file, e.getMessage());
      return Duration.ZERO;
    }
  }
}
