package org.reelway.stream.recorder;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.Failure;
import org.reelway.stream.server.servers.WcsApi;
import org.reelway.stream.supervise.CalledRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A recording by WCS, which names and cuts its files itself, and does not tell how much it wrote. */
final class WcsRecording implements ServerRecording {
  private static final Logger LOG = LoggerFactory.getLogger(WcsRecording.class);
  private static final long MEGABYTE = 1_000_000;

  private final RecordingOrder order;
  private final ServerNotes.Note note;
  private final WcsRecorder recorder;
  private final WcsApi api;
  private final ServerNotes notes;
  private final ServerFiles files;
  private volatile Path file;
  private volatile boolean unwanted;

  WcsRecording(
      RecordingOrder order, ServerNotes.Note note, WcsRecorder recorder, WcsApi api, ServerNotes notes, ServerFiles files) {
    this.order = order;
    this.note = note;
    this.recorder = recorder;
    this.api = api;
    this.notes = notes;
    this.files = files;
  }

  String session() {
    return note.session();
  }

  @Override
  public void begin() {
    synchronized (recorder) {
      if (unwanted) {
        // The next recording of the stream may have begun already.
        throw new DestinationFailure("nobody wants the recording any more");
      }
      Optional<ServerNotes.Note> before = notes.find(note);
      boolean recorded = api.recordings().containsKey(session());
      if (recorded && before.isEmpty()) {
        throw new DestinationFailure(
            "WCS records the stream already, and not for Reelway; leave it out of reelway.recorder.streams, or switch that"
                + " recording off");
      }
      boolean goesOn = recorded && before.get().digest().equals(note.digest());
      if (!goesOn) {
        notes.write(note);
        start();
        files.ended(ServerFiles.Recording.of(note));
      }
      recorder.took(this);
      learnName();
    }
  }

  /** WCS may be asked for it again later, and ends nothing for not telling. */
  private void learnName() {
    try {
      writes(api.recordings().get(session()));
    } catch (Failure e) {
      LOG.debug("WCS does not tell the file of stream {}: {}", note.stream(), e.getMessage());
    }
  }

  private void writes(String name) {
    file = name == null ? null : path(name);
    if (file != null) {
      files.writes(ServerFiles.Recording.of(note), RecordedStream.of(order.stream()), file);
    }
  }

  private void start() {
    Rotation rotation = order.rotation();
    String limit =
        rotation.bytes() > 0 ? rotation.bytes() / MEGABYTE + "M" : rotation.seconds() > 0 ? "" + rotation.seconds() : "";
    // One of ours that goes on is ended by this.
    api.start(session(), order.name().toString(), limit);
  }

  @Override
  public CalledRun.Answer ask() {
    Map<String, String> all = recorder.has(this) ? api.recordings() : Map.of();
    if (!all.containsKey(session())) {
      return CalledRun.Answer.nothing("WCS does not record the stream any more");
    }
    writes(all.get(session()));
    return new CalledRun.Answer(true, 0, CalledRun.Answer.UNTOLD, "");
  }

  private static Path path(String name) {
    try {
      return name.isEmpty() ? null : Path.of(name);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  @Override
  public void end() {
    synchronized (recorder) {
      if (recorder.has(this)) {
        learnName();
        api.stop(session());
        files.ended(ServerFiles.Recording.of(note));
        notes.remove(note);
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
