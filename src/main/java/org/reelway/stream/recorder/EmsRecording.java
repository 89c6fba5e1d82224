package org.reelway.stream.recorder;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.stream.server.EventJson;
import org.reelway.stream.server.StreamId;
import org.reelway.stream.server.servers.EmsCli;
import org.reelway.stream.supervise.CalledRun;

/**
 * A recording by EMS's {@code record}, as MP4. To go on in another file, exactly the stream that writes it is ended with
 * {@code shutdownStream permanently=0}; EMS begins it anew with the next number, as {@code keepAlive} is 1. When, is our own
 * matter: a timer of EMS would outlive a Reelway that is killed, and its event come while nobody listens.
 */
final class EmsRecording implements ServerRecording {
  /** EMS takes moments to begin the next file. */
  private static final Duration BETWEEN_FILES = Duration.ofSeconds(5);

  private final RecordingOrder order;
  private final EmsRecorder recorder;
  private final EmsCli cli;
  private final ServerFiles files;
  private final FinishedFiles finished;
  private final Clock clock;
  private String id;
  private String writer = "";
  private String cut = "";
  private Instant writerSince;
  private Instant writerSeen;
  private long framesBefore;
  private long bytesBefore;
  private long frames;
  private long bytes;
  private volatile Path file;
  private volatile boolean unwanted;

  EmsRecording(
      RecordingOrder order, EmsRecorder recorder, EmsCli cli, ServerFiles files, FinishedFiles finished, Clock clock) {
    this.order = order;
    this.recorder = recorder;
    this.id = recorder.newId();
    this.cli = cli;
    this.files = files;
    this.finished = finished;
    this.clock = clock;
  }

  ServerFiles.Recording recording() {
    StreamId stream = order.stream().id();
    return new ServerFiles.Recording(recorder.by(), recorder.server(), stream.app(), stream.name(), "");
  }

  @Override
  public void begin() {
    writerSeen = null;
    // Each run counts from nothing.
    framesBefore = -frames;
    bytesBefore = -bytes;
    synchronized (recorder) {
      if (unwanted) {
        // The next recording of the stream may have begun already.
        throw new DestinationFailure("nobody wants the recording any more");
      }
      boolean goesOn = false;
      for (EmsRecorder.Configured each : recorder.ours()) {
        if (each.stream().equals(order.stream().name())) {
          if (!goesOn && isThis(each)) {
            id = each.recording();
            goesOn = true;
          } else {
            recorder.remove(each);
          }
        }
      }
      if (!goesOn) {
        record();
      }
      recorder.took(id, this);
    }
  }

  /** It, or one of a Reelway that was killed that was to be just as this one. */
  private boolean isThis(EmsRecorder.Configured each) {
    return each.recording().equals(id) || recorder.isLeft(each.recording()) && each.digest().equals(order.digest());
  }

  private void record() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("localStreamName", order.stream().name());
    parameters.put("pathToFile", order.folder().resolve(fileName()).toString());
    parameters.put("type", "mp4");
    parameters.put("overwrite", "0");
    parameters.put("keepAlive", "1");
    parameters.put(EmsRecorder.STREAM, order.stream().name());
    parameters.put(EmsRecorder.INSTANCE, recorder.instance());
    parameters.put(EmsRecorder.RECORDING, id);
    parameters.put(EmsRecorder.ORDER, order.digest());
    cli.call("record", parameters);
  }

  private String fileName() {
    StringBuilder safe = new StringBuilder();
    order.nameAt(clock.instant()).codePoints()
        .forEach(point -> safe.append(EmsCli.canSay(Character.toString(point)) ? Character.toString(point) : "_"));
    return safe.toString();
  }

  @Override
  public CalledRun.Answer ask() {
    Optional<EventJson> stream = recorder.writer(id);
    Instant now = clock.instant();
    if (stream.isEmpty()) {
      if (writerSeen != null && Duration.between(writerSeen, now).compareTo(BETWEEN_FILES) < 0) {
        return answer();
      }
      return CalledRun.Answer.nothing("EMS has no stream that writes the recording");
    }
    see(stream.get(), now);
    if (file != null) {
      requireInside(file);
    }
    if (isDue(now)) {
      cli.call("shutdownStream", Map.of("id", stream.get().text("uniqueId"), "permanently", "0"));
      cut = writer;
    }
    return answer();
  }

  private void see(EventJson stream, Instant now) {
    writerSeen = now;
    // Ids begin anew with each start of EMS.
    String current = stream.text("uniqueId") + " " + stream.text("creationTimestamp");
    if (!current.equals(writer)) {
      leave();
      writer = current;
      writerSince = now.minusMillis(stream.wholePart("upTime").orElse(0L));
    }
    EventJson video = stream.optionalObject("video");
    EventJson audio = stream.optionalObject("audio");
    frames = Math.max(frames, video.wholePart("packetsCount").orElse(0L));
    bytes = Math.max(bytes, video.wholePart("bytesCount").orElse(0L) + audio.wholePart("bytesCount").orElse(0L));
    file = path(stream.object("recordSettings").text("computedPathToFile"));
    if (file != null) {
      files.writes(recording(), RecordedStream.of(order.stream()), file)
          .ifPresent(before -> finished.finished(before.file(), before.stream()));
    }
  }

  /** EMS goes on all the same: what it writes may be looked for by hand. */
  private void requireInside(Path written) {
    try {
      finished.requireInside(written);
    } catch (InputFailure e) {
      throw new InputFailure("EMS records to " + e.getMessage() + "; EMS has to see the folder under the same path", e);
    }
  }

  /** The file that was written until now is finished. */
  private void leave() {
    framesBefore += frames;
    bytesBefore += bytes;
    frames = 0;
    bytes = 0;
    if (file != null) {
      files.ended(recording());
      finished.finished(file, order.stream().name());
      file = null;
    }
  }

  private boolean isDue(Instant now) {
    return !writer.equals(cut)
        && order.rotation().isDue(Duration.between(writerSince, now).toMillis() / 1000.0 + 0.5, bytes);
  }

  private CalledRun.Answer answer() {
    return new CalledRun.Answer(true, framesBefore + frames, bytesBefore + bytes, "");
  }

  private static Path path(String text) {
    try {
      return text.isEmpty() ? null : Path.of(text);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  @Override
  public void end() {
    if (file == null) {
      // It may have begun a moment ago.
      recorder.writer(id).ifPresent(stream -> see(stream, clock.instant()));
    }
    recorder.ours().stream().filter(each -> each.recording().equals(id)).forEach(recorder::remove);
    leave();
    recorder.left(id);
  }

  @Override
  public void unwanted() {
    unwanted = true;
  }

  boolean isUnwanted() {
    return unwanted;
  }

  @Override
  public Path file() {
    return file;
  }
}
