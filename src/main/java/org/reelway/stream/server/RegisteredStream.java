package org.reelway.stream.server;

import java.time.Instant;
import java.util.Map;

/**
 * A stream of a media server, as far as it is known.
 *
 * @param session the server's id of this run; may be empty
 * @param publisher where it comes from; may be empty
 * @param since when this run began (where runs have no ids, was told to begin last), by {@code since.from}
 * @param foundBy the server's own name of the event, or {@code api}
 * @param lastSeen when something was last heard of it
 * @param endedAt null while it is on
 * @param endedBy what told that it ended; null while it is on
 */
public record RegisteredStream(
    StreamId id,
    String session,
    String publisher,
    ServerTime since,
    String foundBy,
    Instant lastSeen,
    Instant endedAt,
    String endedBy,
    Map<String, String> details) {
  public RegisteredStream {
    details = Map.copyOf(StreamFacts.fitting(details));
  }

  public boolean isLive() {
    return endedAt == null;
  }

  RegisteredStream seen(Instant at) {
    return new RegisteredStream(id, session, publisher, since, foundBy, at, endedAt, endedBy, details);
  }

  RegisteredStream begunAgain(ServerTime at) {
    return new RegisteredStream(id, session, publisher, at, foundBy, lastSeen, endedAt, endedBy, details);
  }

  RegisteredStream ended(Instant at, String by) {
    return new RegisteredStream(id, session, publisher, since, foundBy, at, at, by, details);
  }

  /** Characters of all that is kept of it. */
  int length() {
    return id.source().length() + id.server().length() + id.direction().length() + foundBy.length()
        + (endedBy == null ? 0 : endedBy.length())
        + new StreamFacts(id.name(), id.app(), session, "", publisher, details).length();
  }
}
