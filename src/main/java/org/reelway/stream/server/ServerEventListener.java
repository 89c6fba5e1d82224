package org.reelway.stream.server;

/**
 * Told of every event but those of chunks and recordings, which have flows of their own: in order for one stream, at the
 * same time for several. As with {@link StreamListener}, a call that fails is repeated, and one may come again after a
 * crash.
 */
@FunctionalInterface
public interface ServerEventListener {
  void happened(ServerEvent event);
}
