package org.reelway.stream.server;

import java.time.Instant;
import java.util.Objects;
import org.reelway.failure.InputFailure;

/**
 * Who says that something happened, and when.
 *
 * @param source the adapter's word: ems, srs, json ...
 * @param server which of these servers, as it names itself, or the address that it called from
 * @param type the server's own name for the event, such as inStreamCreated
 * @param time when it happened
 * @param received when it was told here
 * @param id by which the very same event is known when it is told again; empty where the server gives none
 */
public record EventOrigin(String source, String server, String type, ServerTime time, Instant received, String id) {
  private static final int LONGEST_SERVER = 250;

  public EventOrigin {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(received, "received");
    Objects.requireNonNull(id, "id");
    if (server.length() > LONGEST_SERVER) {
      throw new InputFailure(
          "the server's name has " + server.length() + " characters; at most " + LONGEST_SERVER);
    }
  }

  public EventOrigin(String source, String server, String type, ServerTime time, Instant received) {
    this(source, server, type, time, received, "");
  }

  public Instant at() {
    return time.at();
  }
}
