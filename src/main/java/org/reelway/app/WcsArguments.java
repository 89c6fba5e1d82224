package org.reelway.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.media.tracks.MovieTime;
import picocli.CommandLine.Parameters;

/**
 * {@code FILE [creationTime durationMs recorderUri]}: what WCS gives to its {@code on_multiple_record_hook.sh} and
 * {@code offline_mixer_tool.sh} (WCS 5.2.1123). What a caller does not know it may leave out, or give as an empty word.
 */
final class WcsArguments {
  /** Exit code of Flashphoner's tools where FILE is not there. */
  static final int NO_FILE = 64;

  @Parameters(index = "0", paramLabel = "FILE", description = "The recording.")
  private String file;

  @Parameters(index = "1", arity = "0..1", paramLabel = "creationTime", defaultValue = "",
      description = "When it was made, in seconds since 1904 (default: what the file says).")
  private String creationTime;

  @Parameters(index = "2", arity = "0..1", paramLabel = "durationMs", defaultValue = "",
      description = "Of the recording (default: what the file says).")
  private String durationMillis;

  @Parameters(index = "3", arity = "0..1", paramLabel = "recorderUri", defaultValue = "",
      description = "Of the multi-recorder.")
  private String recorderUri;

  /** Absolute. @throws InputFailure none is named */
  Path file() {
    if (file.isBlank()) {
      throw new InputFailure("FILE is an empty word; name a recording by its path");
    }
    return Path.of(file).toAbsolutePath().normalize();
  }

  /** Empty where the file is there; else what to say. @throws InputFailure something else than a file is there */
  Optional<String> missing() {
    if (!Files.exists(file())) {
      return Optional.of(file() + " is not there; name a recording by its path");
    }
    if (!Files.isRegularFile(file())) {
      throw new InputFailure(file() + " is not a regular file; name a recording by its path");
    }
    return Optional.empty();
  }

  Optional<Instant> created() {
    return number("creationTime", creationTime).map(MovieTime::at);
  }

  Optional<Duration> length() {
    return number("durationMs", durationMillis).map(Duration::ofMillis);
  }

  /** Empty for none. */
  String recorderUri() {
    return recorderUri;
  }

  private static Optional<Long> number(String name, String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    if (!text.strip().matches("\\d{1,12}")) {
      throw new InputFailure(name + " is \"" + text + "\"; it is a whole number, or an empty word where nobody knows");
    }
    return Optional.of(Long.parseLong(text.strip()));
  }
}
