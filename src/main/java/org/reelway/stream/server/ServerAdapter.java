package org.reelway.stream.server;

import java.util.List;

/** Understands one kind of media server. */
public interface ServerAdapter {
  /** What the source of its events is called. */
  String source();

  /**
   * The events of a request; several where it tells of a chunk and its playlist at once.
   *
   * @throws org.reelway.failure.InputFailure where it is not what this server sends
   */
  List<ServerEvent> read(EventRequest request);

  /** What this server wants to hear when all was taken. */
  EventAnswer taken(EventRequest request);

  /**
   * Whether any other answer could end a stream on the server. Then what cannot be stored is acted on all the same, and
   * answered well: a full disk here must not cost a publisher.
   */
  default boolean refusalEndsStreams() {
    return false;
  }
}
