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

/** What ffprobe says about a media file. Safe for use by several threads. */
public final class MediaProbe {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final int LONGEST_ANSWER = 8 * 1024 * 1024;

  /** Every packet of a recording of days on a slow disk. */
  private static final Duration WHOLE_FILE_DEADLINE = Duration.ofHours(1);

  private final ChildProgram ffprobe;
  private final ObjectMapper json = ForeignJson.reader().build();

  private final ChildProgram reader;

  public MediaProbe(FfmpegPrograms programs) {
    this.ffprobe = new ChildProgram(programs.ffprobe(), DEADLINE);
    this.reader = new ChildProgram(programs.ffprobe(), WHOLE_FILE_DEADLINE);
  }

  /** For work in the background: all runs have one deadline. */
  MediaProbe(ChildProgram ffprobe) {
    this.ffprobe = ffprobe;
    this.reader = ffprobe;
  }

  /**
   * The media in short.
   *
   * @throws InputFailure ffprobe cannot read the file as media
   * @throws OurFailure ffprobe could not be run, did not end in time, or was ended by somebody
   */
  public Media probe(Path file) throws InterruptedException {
    JsonNode answer = json(file);
    List<Track> tracks = new ArrayList<>();
    for (JsonNode stream : answer.path("streams")) {
      tracks.add(new Track(stream.path("codec_type").asText(), stream.path("codec_name").asText()));
    }
    long micros = Math.round(answer.path("format").path("duration").asDouble() * 1_000_000);
    return new Media(
        answer.path("format").path("format_name").asText(), Duration.ofNanos(micros * 1000), List.copyOf(tracks));
  }

  /** The answer of {@code ffprobe -of json -show_format -show_streams}; failures as for {@link #probe}. */
  public JsonNode json(Path file) throws InterruptedException {
    return json(file, List.of("-show_format", "-show_streams"));
  }

  /** @param wanted options before the input */
  JsonNode json(Path file, List<String> wanted) throws InterruptedException {
    StringBuilder answer = new StringBuilder();
    List<String> options = new ArrayList<>(List.of("-of", "json"));
    options.addAll(wanted);
    ChildProgram.Ended ended = ffprobe.run(arguments(file, options), line -> append(answer, line));
    if (ended.exitCode() != 0) {
      throw ended.failure(file + " cannot be read as media: " + ended.lastWords());
    }
    try {
      return json.readTree(answer.toString());
    } catch (JsonProcessingException e) {
      throw new OurFailure("ffprobe's answer for " + file + " is not JSON or longer than 8 MiB", e);
    }
  }

  /**
   * Reads the whole file and tells each packet as ffprobe's {@code compact} line, for instance {@code
   * stream_index=0|pts_time=0.080000|dts_time=0.000000|duration_time=0.040000}, in the order of the file; a time that is
   * not known is {@code N/A}. Failures as for {@link #probe}.
   */
  public void packets(Path file, Consumer<String> lines) throws InterruptedException {
    packets(file, List.of("-show_entries", "packet=stream_index,pts_time,dts_time,duration_time"), lines);
  }

  /**
   * Likewise for the first track of pictures, such as {@code pts_time=0.080000|dts_time=0.000000|flags=K__}: flags with K are
   * those of key pictures.
   */
  public void pictures(Path file, Consumer<String> lines) throws InterruptedException {
    packets(file, List.of("-select_streams", "v:0", "-show_entries", "packet=pts_time,dts_time,flags"), lines);
  }

  private void packets(Path file, List<String> wanted, Consumer<String> lines) throws InterruptedException {
    List<String> options = new ArrayList<>(List.of("-of", "compact=p=0"));
    options.addAll(wanted);
    ChildProgram.Ended ended = reader.run(arguments(file, options), lines);
    if (ended.exitCode() != 0) {
      throw ended.failure("the packets of " + file + " cannot be read: " + ended.lastWords());
    }
  }

  private static List<String> arguments(Path file, List<String> wanted) {
    List<String> all = new ArrayList<>(List.of("-hide_banner", "-loglevel", "error"));
    all.addAll(wanted);
    all.addAll(AllowedInputs.file());
    all.addAll(List.of("-i", "file:" + file.toAbsolutePath()));
    return all;
  }

  private static void append(StringBuilder answer, String line) {
    if (answer.length() < LONGEST_ANSWER) {
      answer.append(line).append('\n');
    }
  }

  /**
   * @param format ffmpeg's name of the container, for instance {@code mov,mp4,m4a,3gp,3g2,mj2}
   * @param duration zero where the file does not state one
   */
  public record Media(String format, Duration duration, List<Track> tracks) {
    /** The codecs of the tracks in their order, for instance {@code [h264, aac]}. */
    public List<String> codecs() {
      return tracks.stream().map(Track::codec).toList();
    }
  }

  /**
   * @param type {@code video}, {@code audio}, {@code subtitle} or {@code data}
   * @param codec ffmpeg's name of the codec, for instance {@code h264}; empty where it knows none
   */
  public record Track(String type, String codec) {}
}
