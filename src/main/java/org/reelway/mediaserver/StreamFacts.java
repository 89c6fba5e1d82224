package org.reelway.mediaserver;

import java.util.Map;
import java.util.Objects;

/**
 * What a server says of one of its streams.
 *
 * @param name by which the server knows it; together with {@code app} it is one stream
 * @param app application or virtual host and application; empty where the server has none
 * @param session the server's id of this very run of the stream; empty where it has none
 * @param direction in, out, or empty where the server does not say
 * @param publisher address that it comes from (or goes to); empty where the server does not say
 * @param details what else is known, such as codecs and user variables, without credentials
 */
public record StreamFacts(
    String name, String app, String session, String direction, String publisher, Map<String, String> details) {
  public StreamFacts {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(app, "app");
    Objects.requireNonNull(session, "session");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(publisher, "publisher");
    details = Map.copyOf(details);
  }

  public static StreamFacts of(String name) {
    return new StreamFacts(name, "", "", "", "", Map.of());
  }
}
