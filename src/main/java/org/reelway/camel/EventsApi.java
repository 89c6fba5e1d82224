package org.reelway.camel;

import io.vertx.core.net.SocketAddress;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;
import org.reelway.failure.InputFailure;
import org.reelway.mediaserver.EventAnswer;
import org.reelway.mediaserver.EventRequest;
import org.reelway.mediaserver.ServerAdapter;
import org.reelway.mediaserver.ServerEvents;
import org.reelway.mediaserver.servers.ChunkAdapter;
import org.reelway.mediaserver.servers.EmsAdapter;
import org.reelway.mediaserver.servers.PlainAdapter;
import org.reelway.mediaserver.servers.SrsAdapter;

/** Media servers' events over HTTP; routes have a path for each kind of server. */
public final class EventsApi {
  private final ServerEvents events;
  private final Clock clock;
  private final ServerAdapter ems = new EmsAdapter();
  private final ServerAdapter srs = new SrsAdapter();
  private final ServerAdapter plain = new PlainAdapter();
  private final ServerAdapter chunk = new ChunkAdapter();

  EventsApi(ServerEvents events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  /** {@code POST /evowebservices}. */
  public void ems(Exchange exchange) {
    take(exchange, ems);
  }

  /** {@code POST /hooks/srs}. */
  public void srs(Exchange exchange) {
    take(exchange, srs);
  }

  /** {@code POST /hooks/event}. */
  public void plain(Exchange exchange) {
    take(exchange, plain);
  }

  /** {@code POST /hooks/chunk}. */
  public void chunk(Exchange exchange) {
    take(exchange, chunk);
  }

  private EventRequest request(Exchange exchange) {
    Message message = exchange.getMessage();
    byte[] body = message.getBody(byte[].class);
    SocketAddress remote = message.getHeader(VertxPlatformHttpConstants.REMOTE_ADDRESS, SocketAddress.class);
    return new EventRequest(
        remote == null ? "" : remote.hostAddress(), body == null ? new byte[0] : body, form(message), clock.instant());
  }

  /** Read from the request itself: as headers of the message, fields could be taken for those of the request. */
  private static Map<String, String> form(Message message) {
    Map<String, String> fields = new LinkedHashMap<>();
    if (message instanceof HttpMessage http) {
      http.getRequest().formAttributes().forEach(field -> fields.putIfAbsent(field.getKey(), field.getValue()));
    }
    if (fields.keySet().stream().anyMatch(name -> name.stripLeading().startsWith("{"))) {
      throw new InputFailure(
          "the body looks like JSON and is sent as a form; send the header Content-Type: application/json, as with"
              + " curl -H");
    }
    return fields;
  }

  private void take(Exchange exchange, ServerAdapter adapter) {
    EventAnswer answer;
    try {
      answer = events.take(adapter, request(exchange));
    } catch (RuntimeException e) {
      ApiAnswer.give(
          exchange, 500,
          () -> {
            throw e;
          });
      return;
    }
    ApiAnswer.text(exchange, answer.status(), answer.contentType(), answer.body());
  }
}
