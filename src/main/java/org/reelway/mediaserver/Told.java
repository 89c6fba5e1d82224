package org.reelway.mediaserver;

import java.time.Instant;
import java.util.Objects;

/**
 * Who says that something happened, and when.
 *
 * @param source the adapter's word: ems, srs, json ...
 * @param server which of these servers, as it names itself, or the address that it called from
 * @param type the server's own name for the event, such as inStreamCreated
 * @param time when it happened
 * @param received when it was told here
 */
public record Told(String source, String server, String type, ServerTime time, Instant received) {
  public Told {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(received, "received");
  }

  public Instant at() {
    return time.at();
  }
}
