package org.reelway.stream.recorder;

import java.util.Optional;

/** A media server that records its streams itself when its API is told to. Safe for several threads. */
interface ServerRecorder {
  /** The source of the server's events, such as {@code ems}. */
  String by();

  /** Name of the server, as its events have it. */
  String server();

  /** Why it cannot do just this, for people; empty where it can. Nobody is asked. */
  Optional<String> unable(RecordingOrder order);

  /** Nothing happens before its beginning. */
  ServerRecording recording(RecordingOrder order);

  /**
   * Ends recordings of ours that nobody wants any more: those of a Reelway that was killed, and those whose end the server
   * could not be told. Never others'.
   */
  void endUnwanted();
}
