package org.reelway.camel.api;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.reelway.failure.InputFailure;
import org.reelway.failure.NotFound;
import org.reelway.settings.RecordingNameTemplate;
import org.reelway.settings.RotationLimit;
import org.reelway.stream.recorder.Recorders;
import org.reelway.stream.recorder.Rotation;
import org.reelway.stream.recorder.ServersThatRecord;
import org.reelway.stream.supervise.TaskStatus;

/**
 * {@code GET /recorders}, and the recording calls of Flashphoner WCS's REST API: {@code /rest-api/stream/startRecording}
 * and {@code /stopRecording} (or {@code /rest-api/recorder/startup}, {@code /terminate}, {@code /find_all}), with its
 * members and status codes: 200 without a body, 404 where there is no such stream.
 */
public final class RecorderApi {
  private static final String MP4 = ".mp4";

  private final Recorders recorders;
  private final ServersThatRecord servers;
  private final Function<String, Optional<TaskStatus>> statuses;

  /** @param statuses of the recorders' tasks, by their ids */
  public RecorderApi(Recorders recorders, ServersThatRecord servers, Function<String, Optional<TaskStatus>> statuses) {
    this.recorders = recorders;
    this.servers = servers;
    this.statuses = statuses;
  }

  public record RecorderList(List<Recorder> recorders) {}

  /** @param by ffmpeg, or the media server's kind; @param file null while it is not known */
  public record Recorder(
      String id, String stream, String server, String by, String why, String file, String state, Instant since,
      int runs, long frames, long bytes, String trouble) {}

  /** As WCS has it. @param fileName older, for a fixed name */
  public record StartRecording(String mediaSessionId, String fileName, RecordingConfig config) {
    public StartRecording {
      config = config == null ? new RecordingConfig(null, null, null) : config;
    }
  }

  /** @param rotation such as 20M or 60; a number is right as well */
  public record RecordingConfig(
      String fileTemplate, String fileName, @JsonDeserialize(using = StringDeserializer.class) String rotation) {}

  public record StopRecording(String mediaSessionId) {}

  /** As WCS has it. */
  public record RunningRecorder(String fileName, String mediaSessionId) {
    static RunningRecorder of(Recorders.Running it) {
      return new RunningRecorder(
          it.file() == null ? "" : it.file().name(),
          it.stream().session().isEmpty() ? it.stream().name() : it.stream().session());
    }
  }

  /** Now and then: recordings of media servers that nobody wants any more end, finished files are looked for. */
  public void tend() {
    servers.tend();
  }

  public RecorderList list() {
    return new RecorderList(recorders.running().stream().map(this::recorder).toList());
  }

  private Recorder recorder(Recorders.Running it) {
    String file = it.file() == null ? null : it.file().file().toString();
    return statuses.apply(it.id())
        .map(
            now -> new Recorder(
                it.id(), it.stream().name(), it.stream().id().server(), it.by(), it.why(), file, now.state(),
                now.since(), now.runs(), now.frames(), now.bytes(), now.trouble()))
        .orElse(
            new Recorder(
                it.id(), it.stream().name(), it.stream().id().server(), it.by(), it.why(), file, "stopped", null, 0, 0,
                0, ""));
  }

  /** A stream that is being recorded goes on in a new recording. */
  public Object start(StartRecording call) {
    RecordingConfig config = call.config();
    String fixed = isEmpty(call.fileName()) ? config.fileName() : call.fileName();
    String template = isEmpty(fixed) ? config.fileTemplate() : withoutExtension(fixed);
    recorders.start(
        session(call.mediaSessionId()),
        isEmpty(template) ? null : RecordingNameTemplate.parse(template),
        isEmpty(config.rotation()) ? null : Rotation.of(RotationLimit.parse(config.rotation())));
    return null;
  }

  /** That we add; some names have it already. */
  private static String withoutExtension(String name) {
    return name.endsWith(MP4) ? name.substring(0, name.length() - MP4.length()) : name;
  }

  public Object stop(StopRecording call) {
    if (!recorders.stop(session(call.mediaSessionId()))) {
      throw new NotFound("no stream with this mediaSessionId or name is being recorded");
    }
    return null;
  }

  public List<RunningRecorder> findAll() {
    List<RunningRecorder> all = recorders.running().stream().map(RunningRecorder::of).toList();
    if (all.isEmpty()) {
      throw new NotFound("nothing is being recorded");
    }
    return all;
  }

  private static boolean isEmpty(String text) {
    return text == null || text.isEmpty();
  }

  private static String session(String given) {
    if (isEmpty(given)) {
      throw new InputFailure("\"mediaSessionId\" is missing; name the stream's id of its media server, or the stream");
    }
    return given;
  }
}
