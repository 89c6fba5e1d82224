package org.reelway.camel;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.net.SocketAddress;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;
import org.reelway.failure.InputFailure;
import org.reelway.stream.server.EventAnswer;
import org.reelway.stream.server.EventRequest;
import org.reelway.stream.server.ServerAdapter;
import org.reelway.stream.server.ServerEvents;
import org.reelway.stream.server.servers.ChunkAdapter;
import org.reelway.stream.server.servers.EmsAdapter;
import org.reelway.stream.server.servers.MediaMtxAdapter;
import org.reelway.stream.server.servers.NginxRtmpAdapter;
import org.reelway.stream.server.servers.NodeMediaServerAdapter;
import org.reelway.stream.server.servers.PlainAdapter;
import org.reelway.stream.server.servers.SrsAdapter;
import org.reelway.stream.server.servers.WcsAdapter;

/** Media servers' events over HTTP; routes have a path for each kind of server. */
public final class EventsApi {
  private static final int LONGEST_NAME = 200;

  private final ServerEvents events;
  private final Clock clock;
  private final ServerAdapter ems = new EmsAdapter();
  private final ServerAdapter srs = new SrsAdapter();
  private final ServerAdapter plain = new PlainAdapter();
  private final ServerAdapter chunk = new ChunkAdapter();
  private final ServerAdapter nginxRtmp = new NginxRtmpAdapter();
  private final ServerAdapter wcs = new WcsAdapter();
  private final ServerAdapter mediaMtx = new MediaMtxAdapter();
  private final ServerAdapter nodeMediaServer = new NodeMediaServerAdapter();

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

  /** {@code POST /hooks/nginx-rtmp}. */
  public void nginxRtmp(Exchange exchange) {
    take(exchange, nginxRtmp);
  }

  /** {@code POST /StreamEvent}, {@code /StreamStatusEvent} and others below {@code /wcs}. */
  public void wcs(Exchange exchange) {
    take(exchange, wcs);
  }

  /** {@code POST /hooks/mediamtx}. */
  public void mediaMtx(Exchange exchange) {
    take(exchange, mediaMtx);
  }

  /** {@code POST /hooks/node-media-server}. */
  public void nodeMediaServer(Exchange exchange) {
    take(exchange, nodeMediaServer);
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
    String path = message.getHeader(Exchange.HTTP_PATH, "", String.class);
    return new EventRequest(
        server(message), path.substring(path.lastIndexOf('/') + 1), body == null ? new byte[0] : body, form(message),
        clock.instant());
  }

  /** What the query of the hook's address says, for several servers of one machine; else where it comes from. */
  private static String server(Message message) {
    String named = message instanceof HttpMessage http ? query(http) : null;
    if (named != null && !named.isBlank()) {
      if (named.length() > LONGEST_NAME) {
        throw new InputFailure("?server= has " + named.length() + " characters; at most " + LONGEST_NAME);
      }
      return named;
    }
    SocketAddress remote = message.getHeader(VertxPlatformHttpConstants.REMOTE_ADDRESS, SocketAddress.class);
    return remote == null ? "" : remote.hostAddress();
  }

  /** Not from the message's headers, where fields of the form could stand for it. */
  private static String query(HttpMessage http) {
    String query = http.getRequest().query();
    return query == null ? null : new QueryStringDecoder(query, false).parameters()
        .getOrDefault("server", List.of()).stream().findFirst().orElse(null);
  }

  /** Read from the request itself: as headers of the message, fields could be taken for those of the request. */
  private static Map<String, String> form(Message message) {
    Map<String, String> fields = new LinkedHashMap<>();
    if (message instanceof HttpMessage http) {
      http.getRequest().formAttributes().forEach(field -> fields.putIfAbsent(field.getKey(), field.getValue()));
    }
    return fields;
  }

  private void take(Exchange exchange, ServerAdapter adapter) {
    EventAnswer answer = events.take(adapter, request(exchange));
    ApiAnswer.text(exchange, answer.status(), answer.contentType(), answer.body());
  }
}
