package org.reelway.stream.recorder;

import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.reelway.stream.server.StreamId;
import org.reelway.stream.server.servers.NginxControl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The recorder {@code reelway} of an nginx-rtmp, by {@code rtmp_control}. Notes say which of its recordings are ours. */
final class NginxRecorder implements ServerRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(NginxRecorder.class);

  private final NginxControl control;
  private final String server;
  private final ServerNotes notes;
  private final ServerFiles files;
  private final FinishedFiles finished;
  private final Clock clock;
  private final Map<String, NginxRecording> current = new HashMap<>();
  private final Map<String, Long> begunAt = new HashMap<>();

  NginxRecorder(
      NginxControl control, String server, ServerNotes notes, ServerFiles files, FinishedFiles finished, Clock clock) {
    this.control = control;
    this.server = server;
    this.notes = notes;
    this.files = files;
    this.finished = finished;
    this.clock = clock;
  }

  @Override
  public String by() {
    return "nginx-rtmp";
  }

  @Override
  public String server() {
    return server;
  }

  @Override
  public Optional<String> unable(RecordingOrder order) {
    StreamId id = order.stream().id();
    if (!NginxControl.canSay(id.name()) || !NginxControl.canSay(id.app())) {
      return Optional.of(
          "rtmp_control of nginx cannot be told the stream's application and name: only letters, digits and ._~- can");
    }
    return order.nameAsked() ? Optional.of("nginx-rtmp names its files itself") : Optional.empty();
  }

  @Override
  public ServerRecording recording(RecordingOrder order) {
    StreamId id = order.stream().id();
    ServerNotes.Note note = new ServerNotes.Note(by(), server, id.app(), id.name(), "", order.digest(), "");
    return new NginxRecording(
        order.rotation(), RecordedStream.of(order.stream()), note, this, control, notes, files, finished, clock);
  }

  /** Whoever begins last has the stream: a recorder of nginx makes one recording of it. */
  synchronized void took(NginxRecording recording) {
    current.put(recording.note().key(), recording);
  }

  synchronized boolean has(NginxRecording recording) {
    return current.get(recording.note().key()) == recording;
  }

  synchronized void left(NginxRecording recording) {
    current.remove(recording.note().key(), recording);
  }

  /** Ends the recording of the note, which may have ended by itself. */
  void end(ServerNotes.Note note) {
    Optional<Path> stopped = control.stop(note.app(), note.stream());
    stopped
        .or(() -> Optional.of(note.file()).filter(file -> !file.isEmpty()).map(Path::of))
        .ifPresent(file -> ended(note, file));
    notes.remove(note);
  }

  /** Its beginning may not have been told: a kill can come between nginx's answer and the note. */
  private void ended(ServerNotes.Note note, Path file) {
    ServerFiles.Recording recording = ServerFiles.Recording.of(note);
    files.writesUnique(recording, new RecordedStream(note.app(), note.session(), note.stream()), file);
    files.ended(recording);
    finished.finished(file, note.stream());
  }

  /** {@code record_unique} counts seconds: two files of a stream that begin in the same one would be one. */
  synchronized boolean mayBegin(ServerNotes.Note note) {
    long second = clock.instant().getEpochSecond();
    return begunAt.getOrDefault(note.key(), 0L) != second;
  }

  synchronized void begun(ServerNotes.Note note) {
    begunAt.values().removeIf(second -> second < clock.instant().getEpochSecond() - 1);
    begunAt.put(note.key(), clock.instant().getEpochSecond());
  }

  @Override
  public synchronized void endUnwanted() {
    current.values().removeIf(NginxRecording::isUnwanted);
    for (ServerNotes.Note note : notes.all(by(), server)) {
      if (!current.containsKey(note.key())) {
        end(note);
        LOG.info("ended the recording of stream {} by nginx-rtmp {}: nobody wants it any more", note.stream(), server);
      }
    }
    files.endThose(this::isLeft).forEach(each -> finished.finished(each.file(), each.stream()));
  }

  private boolean isLeft(ServerFiles.Recording recording) {
    return recording.by().equals(by()) && recording.server().equals(server)
        && current.values().stream().noneMatch(each -> ServerFiles.Recording.of(each.note()).equals(recording));
  }
}
