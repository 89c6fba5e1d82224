package org.reelway.media.ffmpeg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.reelway.failure.OurFailure;
import org.reelway.media.process.ChildProgram;

/** Single pictures of recordings. Safe for use by several threads. */
public final class Thumbnails {
  private static final Duration DEADLINE = Duration.ofMinutes(1);

  private final Supplier<FfmpegPrograms> programs;

  /** @param programs asked for at each picture: unpacking them takes a moment that a start does not have */
  public Thumbnails(Supplier<FfmpegPrograms> programs) {
    this.programs = programs;
  }

  /**
   * The picture of a moment as JPEG, or the first one where the recording ends before; empty where it has none that can be read.
   *
   * @param width in pixels; the height follows
   * @throws OurFailure ffmpeg could not be run, or did not end in time
   */
  public Optional<byte[]> of(Path recording, Duration at, int width) throws InterruptedException {
    try {
      Path picture = Files.createTempFile("reelway-thumbnail-", ".jpg");
      try {
        boolean there = take(recording, at, width, picture) || take(recording, Duration.ZERO, width, picture);
        return there ? Optional.of(Files.readAllBytes(picture)) : Optional.empty();
      } finally {
        Files.delete(picture);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean take(Path recording, Duration at, int width, Path picture) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("-hide_banner", "-nostdin", "-loglevel", "error", "-y"));
    arguments.addAll(List.of("-ss", at.toMillis() + "ms"));
    arguments.addAll(AllowedInputs.file());
    arguments.addAll(List.of("-i", "file:" + recording.toAbsolutePath(), "-map", "0:v:0", "-frames:v", "1"));
    arguments.addAll(List.of("-vf", "scale=" + width + ":-2", "-f", "mjpeg", "file:" + picture));
    ChildProgram ffmpeg = new ChildProgram(programs.get().ffmpeg(), DEADLINE);
    return ffmpeg.run(arguments, line -> { }).exitCode() == 0 && Files.size(picture) > 0;
  }
}
