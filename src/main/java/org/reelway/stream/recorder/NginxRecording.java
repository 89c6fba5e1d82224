package org.reelway.stream.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.stream.server.servers.NginxControl;
import org.reelway.stream.supervise.CalledRun;

/** A recording by nginx-rtmp, as FLV. To go on in another file it is ended and begun. The file shows how it fares. */
final class NginxRecording implements ServerRecording {
  private final Rotation rotation;
  private final RecordedStream stream;
  private final ServerNotes.Note note;
  private final NginxRecorder recorder;
  private final NginxControl control;
  private final ServerNotes notes;
  private final ServerFiles files;
  private final FinishedFiles finished;
  private final Clock clock;
  private volatile Path file;
  private volatile boolean unwanted;
  private Instant since;
  private long bytesBefore;

  NginxRecording(
      Rotation rotation, RecordedStream stream, ServerNotes.Note note, NginxRecorder recorder, NginxControl control,
      ServerNotes notes, ServerFiles files, FinishedFiles finished, Clock clock) {
    this.rotation = rotation;
    this.stream = stream;
    this.files = files;
    this.note = note;
    this.recorder = recorder;
    this.control = control;
    this.notes = notes;
    this.finished = finished;
    this.clock = clock;
  }

  /** Without the file. */
  ServerNotes.Note note() {
    return note;
  }

  @Override
  public void begin() {
    bytesBefore = 0;
    synchronized (recorder) {
      if (unwanted) {
        // The next recording of the stream may have begun already.
        throw new DestinationFailure("nobody wants the recording any more");
      }
      // Nginx does not tell whether one of a Reelway that was killed goes on.
      notes.find(note).ifPresent(this::endLeft);
      if (!start()) {
        throw new DestinationFailure(
            "nginx-rtmp begins no recording: nobody publishes the stream, or its recorder \"reelway\" records it already,"
                + " by somebody else's request or without \"manual\"");
      }
      recorder.took(this);
    }
  }

  /** It may have begun in this very second. */
  private void endLeft(ServerNotes.Note left) {
    recorder.end(left);
    recorder.begun(note);
  }

  /** @return whether it records */
  private boolean start() {
    awaitNextSecond();
    notes.write(note);
    Optional<Path> path = control.start(note.app(), note.stream());
    recorder.begun(note);
    if (path.isEmpty()) {
      notes.remove(note);
      return false;
    }
    try {
      finished.requireInside(path.get());
    } catch (InputFailure e) {
      control.stop(note.app(), note.stream());
      notes.remove(note);
      throw new InputFailure(e.getMessage() + "; or set record_path of nginx-rtmp to one of them", e);
    }
    notes.write(note.with(path.get()));
    files.writesUnique(ServerFiles.Recording.of(note), stream, path.get());
    file = path.get();
    since = clock.instant();
    return true;
  }

  private void awaitNextSecond() {
    try {
      while (!recorder.mayBegin(note)) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OurFailure("the recording is not begun: Reelway is being stopped", e);
    }
  }

  @Override
  public CalledRun.Answer ask() {
    if (!recorder.has(this)) {
      return CalledRun.Answer.nothing("another recording of the stream took its place");
    }
    long size = size();
    if (rotation.isDue(Duration.between(since, clock.instant()).toMillis() / 1000.0 + 0.5, size) && !rotate()) {
      return CalledRun.Answer.nothing("nginx-rtmp does not record the stream any more");
    }
    return new CalledRun.Answer(true, 0, bytesBefore + size(), "");
  }

  private boolean rotate() {
    synchronized (recorder) {
      // Sent and tidied it may be gone in a moment.
      long written = size();
      recorder.end(note.with(file));
      bytesBefore += written;
      return start();
    }
  }

  /** Only of files that were seen to lie in recordings folders. */
  private long size() {
    try {
      return Files.size(file);
    } catch (IOException gone) {
      return 0;
    }
  }

  @Override
  public void end() {
    synchronized (recorder) {
      if (recorder.has(this)) {
        notes.find(note).ifPresent(recorder::end);
        recorder.left(this);
      }
    }
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
