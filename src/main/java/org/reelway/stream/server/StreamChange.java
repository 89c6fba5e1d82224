package org.reelway.stream.server;

/** What an event changed about a stream. */
record StreamChange(boolean started, RegisteredStream stream) {
  void tell(StreamListener listener) {
    if (started) {
      listener.started(stream);
    } else {
      listener.ended(stream);
    }
  }
}
