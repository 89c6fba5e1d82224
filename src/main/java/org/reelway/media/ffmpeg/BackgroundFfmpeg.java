package org.reelway.media.ffmpeg;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.media.process.ChildProgram;

/**
 * ffmpeg and ffprobe for work that nobody waits for: at the lowest priority of processor and disk where the machine has
 * {@code nice} and {@code ionice}, with a deadline. Safe for use by several threads.
 */
public final class BackgroundFfmpeg {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final ChildProgram ffmpeg;
  private final MediaProbe probe;

  /** @param deadline of one run, after which it is ended */
  public BackgroundFfmpeg(FfmpegPrograms programs, Duration deadline) {
    this(programs, deadline, Map.of());
  }

  /** @param environment what programs have beside what every program needs */
  public BackgroundFfmpeg(FfmpegPrograms programs, Duration deadline, Map<String, String> environment) {
    List<String> launcher = new Launcher().lowPriority();
    this.ffmpeg = new ChildProgram(programs.ffmpeg(), deadline, GRACE, launcher, environment);
    this.probe = new MediaProbe(new ChildProgram(programs.ffprobe(), deadline, GRACE, launcher, environment));
  }

  /**
   * Runs ffmpeg, which never asks anything and overwrites its output.
   *
   * @return what it complained about; empty for nothing
   * @throws InputFailure it ended with an error; the message has its last words
   * @throws OurFailure it could not be run, did not end in time, was ended by somebody, or the disk is full
   */
  public String run(List<String> arguments) throws InterruptedException {
    return run(arguments, line -> {});
  }

  /**
   * Likewise.
   *
   * @param lines told each line of standard output, on another thread
   */
  public String run(List<String> arguments, Consumer<String> lines) throws InterruptedException {
    List<String> all = new ArrayList<>(List.of("-hide_banner", "-nostdin", "-y", "-loglevel", "error"));
    all.addAll(arguments);
    ChildProgram.Ended ended = ffmpeg.run(all, lines);
    if (ended.exitCode() != 0) {
      throw ended.failure("ffmpeg ended with " + ended.exitCode() + ": " + ended.lastWords());
    }
    return ended.lastWords();
  }

  /** See {@link MediaProbe#pictures}. */
  public void pictures(Path file, Consumer<String> lines) throws InterruptedException {
    probe.pictures(file, lines);
  }

  /**
   * The answer of ffprobe as JSON.
   *
   * @param entries for {@code -show_entries}
   * @param options before the input, such as {@code -count_packets}
   * @throws InputFailure ffprobe cannot read the file as media
   */
  public JsonNode probe(Path file, String entries, List<String> options) throws InterruptedException {
    List<String> wanted = new ArrayList<>(options);
    wanted.addAll(List.of("-show_entries", entries));
    return probe.json(file, wanted);
  }
}
