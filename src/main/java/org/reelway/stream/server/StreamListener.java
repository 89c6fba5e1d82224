package org.reelway.stream.server;

/**
 * Told of streams that begin and end: each once, in order for one stream, at the same time for several. A call that fails
 * with anything but an {@link org.reelway.failure.InputFailure} is repeated, for some time; after a crash it may come
 * again.
 */
@FunctionalInterface
public interface StreamListener {
  void changed(StreamChange change);
}
