package org.reelway.stream.recorder;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.reelway.stream.server.servers.WcsApi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The recorder of a Flashphoner WCS, by its REST API. WCS keeps no word of ours: notes say which recordings are. */
final class WcsRecorder implements ServerRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(WcsRecorder.class);

  private final WcsApi api;
  private final String server;
  private final ServerNotes notes;
  private final ServerFiles files;
  private final Map<String, WcsRecording> current = new HashMap<>();

  WcsRecorder(WcsApi api, String server, ServerNotes notes, ServerFiles files) {
    this.api = api;
    this.server = server;
    this.notes = notes;
    this.files = files;
  }

  @Override
  public String by() {
    return "wcs";
  }

  @Override
  public String server() {
    return server;
  }

  @Override
  public Optional<String> unable(RecordingOrder order) {
    return order.stream().session().isEmpty()
        ? Optional.of("WCS needs the stream's mediaSessionId, and no event told it")
        : Optional.empty();
  }

  @Override
  public ServerRecording recording(RecordingOrder order) {
    String session = order.stream().session();
    ServerNotes.Note note = new ServerNotes.Note(by(), server, "", order.stream().name(), session, order.digest(), "");
    return new WcsRecording(order, note, this, api, notes, files);
  }

  /** Whoever begins last has the stream: WCS has one recording of it. */
  synchronized void took(WcsRecording recording) {
    current.put(recording.session(), recording);
  }

  synchronized boolean has(WcsRecording recording) {
    return current.get(recording.session()) == recording;
  }

  synchronized void left(WcsRecording recording) {
    current.remove(recording.session(), recording);
  }

  @Override
  public synchronized void endUnwanted() {
    current.values().removeIf(WcsRecording::isUnwanted);
    for (ServerNotes.Note note : notes.all(by(), server)) {
      if (!current.containsKey(note.session())) {
        api.stop(note.session());
        notes.remove(note);
        LOG.info("ended the recording of stream {} by WCS {}: nobody wants it any more", note.stream(), server);
      }
    }
    files.endThose(
        recording -> recording.by().equals(by()) && recording.server().equals(server)
            && !current.containsKey(recording.session()));
  }
}
