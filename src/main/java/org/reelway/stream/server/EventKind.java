package org.reelway.stream.server;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What happened, as metrics, the API and {@code POST /hooks/event} call it. */
public enum EventKind {
  /** A server began anew: none of its streams is on. */
  SERVER_STARTED("server-started", ServerEvent.ServerStarted.class),
  STREAM_STARTED("stream-started", ServerEvent.StreamStarted.class),
  STREAM_ENDED("stream-ended", ServerEvent.StreamEnded.class),
  /** It is on, as was known or not; bytes and codecs may be new. */
  STREAM_SEEN("stream-seen", ServerEvent.StreamSeen.class),
  RECORDING_FINISHED("recording-finished", ServerEvent.RecordingFinished.class),
  CHUNK_CLOSED("chunk-closed", ServerEvent.ChunkClosed.class),
  CHUNK_DELETED("chunk-deleted", ServerEvent.ChunkDeleted.class),
  PLAYLIST_UPDATED("playlist-updated", ServerEvent.PlaylistUpdated.class),
  TIMER("timer", ServerEvent.TimerFired.class),
  MULTI_RECORDING_ADDED("multi-recording-added", ServerEvent.MultiRecordingAdded.class),
  MULTI_RECORDING_REMOVED("multi-recording-removed", ServerEvent.MultiRecordingRemoved.class),
  /** Something that Reelway has no use for. */
  OTHER("other", ServerEvent.Other.class);

  private final String word;
  private final Class<? extends ServerEvent> type;

  EventKind(String word, Class<? extends ServerEvent> type) {
    this.word = word;
    this.type = type;
  }

  static EventKind of(ServerEvent event) {
    return Arrays.stream(values()).filter(kind -> kind.type.isInstance(event)).findFirst().orElseThrow();
  }

  public String word() {
    return word;
  }

  public static Optional<EventKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  /** All of them, for messages. */
  public static String words() {
    return Arrays.stream(values()).map(EventKind::word).collect(Collectors.joining(", "));
  }
}
