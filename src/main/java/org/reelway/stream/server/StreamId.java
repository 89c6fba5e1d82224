package org.reelway.stream.server;

/**
 * Which stream of which server.
 *
 * @param source the adapter's word
 * @param server as in {@link EventOrigin#server}
 * @param app application; empty where the server has none
 * @param direction in, out, or empty
 */
public record StreamId(String source, String server, String app, String name, String direction) {
  public static StreamId of(EventOrigin told, StreamFacts stream) {
    return new StreamId(told.source(), told.server(), stream.app(), stream.name(), stream.direction());
  }
}
