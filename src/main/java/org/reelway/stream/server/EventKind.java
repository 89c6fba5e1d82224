package org.reelway.stream.server;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What happened, as metrics, the API and {@code POST /hooks/event} call it. */
public enum EventKind {
  /** A server began anew: none of its streams is on. */
  SERVER_STARTED("server-started"),
  STREAM_STARTED("stream-started"),
  STREAM_ENDED("stream-ended"),
  /** It is on, as was known or not; bytes and codecs may be new. */
  STREAM_SEEN("stream-seen"),
  RECORDING_FINISHED("recording-finished"),
  CHUNK_CLOSED("chunk-closed"),
  CHUNK_DELETED("chunk-deleted"),
  PLAYLIST_UPDATED("playlist-updated"),
  TIMER("timer"),
  MULTI_RECORDING_ADDED("multi-recording-added"),
  MULTI_RECORDING_REMOVED("multi-recording-removed"),
  /** Something that Reelway has no use for. */
  OTHER("other");

  private final String word;

  EventKind(String word) {
    this.word = word;
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
