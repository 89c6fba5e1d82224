package org.reelway.mediaserver.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.reelway.mediaserver.EventRequest;

/** Requests of media servers, as recorded or documented (src/test/resources/events). */
final class ServerRequests {
  static final Instant NOW = Instant.parse("2026-11-21T18:00:00Z");
  static final String CALLER = "192.0.2.1";

  private ServerRequests() {}

  static EventRequest recorded(String name) {
    try (InputStream in = ServerRequests.class.getResourceAsStream("/events/" + name)) {
      return new EventRequest(CALLER, "", in.readAllBytes(), Map.of(), NOW);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static EventRequest of(String body) {
    return new EventRequest(CALLER, "", body.getBytes(StandardCharsets.UTF_8), Map.of(), NOW);
  }
}
