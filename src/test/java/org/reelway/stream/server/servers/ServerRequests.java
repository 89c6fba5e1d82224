package org.reelway.stream.server.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reelway.stream.server.EventRequest;

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

  /** A form as it came over the wire, of two fields of a name the first. */
  static EventRequest form(String name) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String pair : text(name).strip().split("&")) {
      String[] parts = pair.split("=", 2);
      fields.putIfAbsent(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return new EventRequest(CALLER, "", new byte[0], fields, NOW);
  }

  static EventRequest method(String method, String name) {
    return new EventRequest(CALLER, method, text(name).getBytes(StandardCharsets.UTF_8), Map.of(), NOW);
  }

  static String text(String name) {
    return new String(recorded(name).body(), StandardCharsets.UTF_8);
  }

  static EventRequest of(String body) {
    return new EventRequest(CALLER, "", body.getBytes(StandardCharsets.UTF_8), Map.of(), NOW);
  }
}
