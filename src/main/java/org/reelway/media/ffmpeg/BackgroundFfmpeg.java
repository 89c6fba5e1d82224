package org.reelway.media.ffmpeg;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.reelway.failure.ForeignJson;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.media.process.ChildProgram;

/**
 * ffmpeg and ffprobe for work that nobody waits for: at the lowest priority of processor and disk where the machine has
 * {@code nice} and {@code ionice}, with a deadline. Safe for use by several threads.
 */
public final class BackgroundFfmpeg {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final int LONGEST_ANSWER = 8 * 1024 * 1024;

  private final ChildProgram ffmpeg;
  private final ChildProgram ffprobe;
  private final ObjectMapper json = ForeignJson.reader().build();

  /** @param deadline of one run, after which it is ended */
  public BackgroundFfmpeg(FfmpegPrograms programs, Duration deadline) {
    List<String> launcher = new Launcher().lowPriority();
    this.ffmpeg = new ChildProgram(programs.ffmpeg(), deadline, GRACE, launcher);
    this.ffprobe = new ChildProgram(programs.ffprobe(), deadline, GRACE, launcher);
  }

  /**
   * Runs ffmpeg, which never asks anything and overwrites its output.
   *
   * @return what it complained about; empty for nothing
   * @throws InputFailure it ended with an error; the message has its last words
   * @throws OurFailure it could not be run, or did not end in time
   */
  public String run(List<String> arguments) throws InterruptedException {
    List<String> all = new ArrayList<>(List.of("-hide_banner", "-nostdin", "-y", "-loglevel", "error"));
    all.addAll(arguments);
    ChildProgram.Ended ended = ffmpeg.run(all, line -> {});
    if (ended.exitCode() != 0) {
      throw new InputFailure("ffmpeg ended with " + ended.exitCode() + ": " + ended.lastWords());
    }
    return ended.lastWords();
  }

  /**
   * The answer of ffprobe as JSON.
   *
   * @param entries for {@code -show_entries}
   * @param options before the input, such as {@code -count_packets}
   * @throws InputFailure ffprobe cannot read the file as media
   */
  public JsonNode probe(Path file, String entries, List<String> options) throws InterruptedException {
    List<String> all = new ArrayList<>(List.of("-hide_banner", "-loglevel", "error", "-of", "json"));
    all.addAll(options);
    all.addAll(AllowedInputs.file());
    all.addAll(List.of("-show_entries", entries, "-i", "file:" + file.toAbsolutePath()));
    StringBuilder answer = new StringBuilder();
    ChildProgram.Ended ended = ffprobe.run(all, collecting(answer));
    if (ended.exitCode() != 0) {
      throw new InputFailure(file + " cannot be read as media: " + ended.lastWords());
    }
    try {
      return json.readTree(answer.toString());
    } catch (JsonProcessingException e) {
      throw new OurFailure("ffprobe's answer for " + file + " is not JSON or longer than 8 MiB", e);
    }
  }

  private static Consumer<String> collecting(StringBuilder answer) {
    return line -> {
      if (answer.length() < LONGEST_ANSWER) {
        answer.append(line).append('\n');
      }
    };
  }
}
