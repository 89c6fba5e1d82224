package org.reelway.callback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reelway.failure.OurFailure;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.RecordingId;
import org.reelway.recording.Recoveries;
import org.reelway.state.CallbackRow;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.state.RecordingStory;
import org.reelway.transfer.VerifiedObject;
import org.reelway.transfer.backup.BroughtBack;
import org.reelway.transfer.flow.RecordingWork;

/**
 * What is told of recordings, in the form that Standard Webhooks recommends: {@code {"type", "timestamp", "data"}}. All
 * callbacks of a recording are one queue.
 */
public final class RecordingCallbacks {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String KIND = "recording.";

  private final Outbox outbox;
  private final List<String> receivers;
  private final RecordingHistory history;
  private final Clock clock;

  /** @param receivers all that are configured */
  public RecordingCallbacks(Outbox outbox, List<String> receivers, RecordingHistory history, Clock clock) {
    this.outbox = outbox;
    this.receivers = List.copyOf(receivers);
    this.history = history;
    this.clock = clock;
  }

  /** Whether any receiver is told of recordings. */
  public boolean isAnybodyTold() {
    return !receivers.isEmpty();
  }

  /** All that are told of recordings. */
  public List<String> receivers() {
    return receivers;
  }

  /**
   * The recording is verified.
   *
   * @throws OurFailure when no transfer before it verified the recording
   */
  public Payload finished(RecordingWork work) {
    MarkedRecording recording = work.recording();
    VerifiedObject object =
        work.verified()
            .orElseThrow(
                () ->
                    new OurFailure(
                        "the route tells that " + recording.file() + " is finished before any transfer verified it; place"
                            + " kamelet:store-transfer before it"));
    // Of the file that was sent, as its story has it.
    String id = RecordingId.of(recording.file(), object.file());
    Map<String, Object> data = about(id, recording.file().toString(), recording.path(), object.file().size());
    history.findWritten(id).or(() -> history.findWritten(work.id())).ifPresent(story -> addStory(data, story));
    Recoveries.of(recording).ifPresent(recovery -> data.put("recovered", recovery.kind().word()));
    data.put("place", work.isInBackup() ? "backup" : "store");
    addObject(data, object);
    return payload("recording.finished", id, id + object.address() + object.etag(), recording.path(), data);
  }

  private static void addStory(Map<String, Object> data, RecordingStory story) {
    data.put("stream", story.stream());
    data.put("foundAt", text(story.foundAt()));
    data.put("verifiedAt", text(story.verifiedAt()));
  }

  private static void addObject(Map<String, Object> data, VerifiedObject object) {
    putStore(data, object.store());
    data.put("bucket", object.bucket());
    data.put("key", object.key());
    data.put("address", object.address());
    data.put("etag", object.etag());
    data.put("versionId", object.versionId());
    data.put("evidence", object.evidence());
  }

  /** The primary store has no name. */
  private static void putStore(Map<String, Object> data, String name) {
    data.put("store", name.isEmpty() ? null : name);
  }

  /** Whether the recording is there to be set aside: one that another sidecar has finished is not. */
  public boolean isThere(RecordingWork work) {
    MarkedRecording recording = work.recording();
    return Files.exists(recording.file()) || Files.exists(recording.marker());
  }

  /**
   * The recording is about to be set aside.
   *
   * @param failure why
   */
  public Payload setAside(RecordingWork work, Throwable failure) {
    MarkedRecording recording = work.recording();
    Optional<RecordingStory> story = history.findWritten(work.id());
    Map<String, Object> data =
        about(work.id(), recording.file().toString(), recording.path(), story.map(RecordingStory::size).orElse(0L));
    story.ifPresent(known -> data.put("stream", known.stream()));
    data.put("reason", failure.getMessage() == null ? failure.toString() : failure.getMessage());
    // Released and set aside once more, it is told once more.
    long before =
        story.stream()
            .flatMap(known -> known.events().stream())
            .filter(event -> event.what().startsWith(RecordingState.SET_ASIDE.word()))
            .count();
    return payload("recording.set-aside", work.id(), work.id() + " " + before, recording.path(), data);
  }

  /** The recording is verified where it belongs; the backup's copy is deleted after this. */
  public Payload broughtBack(BroughtBack back) {
    Map<String, Object> data = about(back.id(), back.file().toString(), back.path(), back.size());
    history.findWritten(back.id()).ifPresent(story -> data.put("stream", story.stream()));
    data.put("place", "store");
    putStore(data, back.store());
    data.put("bucket", back.bucket());
    data.put("key", back.key());
    data.put("address", back.address());
    data.put("etag", back.etag());
    data.put("evidence", back.evidence());
    data.put("backupBucket", back.backupBucket());
    data.put("backupKey", back.backupKey());
    data.put("inBackupSince", text(back.since()));
    return payload(
        "recording.brought-back", back.id(), back.id() + back.address() + back.etag() + back.since(), back.path(), data);
  }

  private static Map<String, Object> about(String id, String file, String path, long size) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("id", id);
    data.put("file", file);
    data.put("path", path);
    data.put("size", size);
    return data;
  }

  private Payload payload(String kind, String recording, String subject, String path, Map<String, Object> data) {
    data.values().removeIf(java.util.Objects::isNull);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", kind);
    body.put("timestamp", text(clock.instant()));
    body.put("data", data);
    return new Payload(subject, queue(recording), path, body);
  }

  /** The id of the recording that the callback tells of; empty where it tells of something else. */
  public static Optional<String> recording(CallbackRow callback) {
    if (!callback.kind().startsWith(KIND)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readTree(callback.body()).at("/data/id").asText()).filter(id -> !id.isEmpty());
    } catch (JsonProcessingException e) {
      // A route has made another body of it.
      return Optional.empty();
    }
  }

  static String queue(String recording) {
    return "recording " + recording;
  }

  private static String text(Instant time) {
    return time == null ? null : time.toString();
  }

  static String json(Map<String, Object> body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
