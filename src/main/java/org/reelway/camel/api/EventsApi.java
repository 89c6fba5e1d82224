package org.reelway.camel.api;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.net.SocketAddress;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;
import org.apache.camel.support.DefaultMessage;
import org.reelway.camel.http.ApiAnswer;
import org.reelway.failure.InputFailure;
import org.reelway.stream.server.EventAnswer;
import org.reelway.stream.server.EventLog;
import org.reelway.stream.server.EventRequest;
import org.reelway.stream.server.ServerAdapter;
import org.reelway.stream.server.ServerEvent;
import org.reelway.stream.server.ServerEvents;
import org.reelway.stream.server.servers.ChunkAdapter;
import org.reelway.stream.server.servers.EmsAdapter;
import org.reelway.stream.server.servers.MediaMtxAdapter;
import org.reelway.stream.server.servers.NginxRtmpAdapter;
import org.reelway.stream.server.servers.NodeMediaServerAdapter;
import org.reelway.stream.server.servers.PlainAdapter;
import org.reelway.stream.server.servers.SrsAdapter;
import org.reelway.stream.server.servers.WcsAdapter;

/**
 * The steps by which routes take media servers' events: read by the kind of server, stored one by one, answered. What is read
 * is a list of messages; the body of each is a {@link ServerEvent}, its headers are EventKind and EventServer, StreamName and
 * StreamApp of a stream, and EventFile of a recording, chunk or playlist.
 */
public final class EventsApi {
  private static final int LONGEST_NAME = 200;
  private static final String ADAPTER = "ReelwayEventAdapter";
  private static final String REQUEST = "ReelwayEventRequest";

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

  public EventsApi(ServerEvents events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  /** {@code POST /evowebservices}. */
  public void ems(Exchange exchange) {
    read(exchange, ems);
  }

  /** A line of EvoStream's event log. @param server its name */
  public void emsLine(Exchange exchange, String server) throws InvalidPayloadException {
    EventLog.Line line = exchange.getMessage().getMandatoryBody(EventLog.Line.class);
    exchange.setProperty("ReelwayLogLine", line);
    read(exchange, ems, new EventRequest(server, "", line.text(), Map.of(), clock.instant(), line.place()));
  }

  /** {@code POST /hooks/srs}. */
  public void srs(Exchange exchange) {
    read(exchange, srs);
  }

  /** {@code POST /hooks/nginx-rtmp}. */
  public void nginxRtmp(Exchange exchange) {
    read(exchange, nginxRtmp);
  }

  /** {@code POST /StreamEvent}, {@code /StreamStatusEvent} and others below {@code /wcs}. */
  public void wcs(Exchange exchange) {
    read(exchange, wcs);
  }

  /** {@code POST /hooks/mediamtx}. */
  public void mediaMtx(Exchange exchange) {
    read(exchange, mediaMtx);
  }

  /** {@code POST /hooks/node-media-server}. */
  public void nodeMediaServer(Exchange exchange) {
    read(exchange, nodeMediaServer);
  }

  /** {@code POST /hooks/event}. */
  public void plain(Exchange exchange) {
    read(exchange, plain);
  }

  /** {@code POST /hooks/chunk}. */
  public void chunk(Exchange exchange) {
    read(exchange, chunk);
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

  private void read(Exchange exchange, ServerAdapter adapter) {
    read(exchange, adapter, request(exchange));
  }

  private void read(Exchange exchange, ServerAdapter adapter, EventRequest request) {
    List<Message> read =
        events.read(adapter, request).stream().map(event -> message(exchange, event)).collect(Collectors.toList());
    exchange.setProperty(ADAPTER, adapter);
    exchange.setProperty(REQUEST, request);
    exchange.getMessage().setBody(read);
  }

  private static Message message(Exchange exchange, ServerEvent event) {
    Message message = new DefaultMessage(exchange);
    message.setBody(event);
    message.setHeader("EventKind", event.kind().word());
    message.setHeader("EventServer", event.told().server());
    event.facts().ifPresent(
        stream -> {
          message.setHeader("StreamName", stream.name());
          message.setHeader("StreamApp", stream.app());
        });
    if (event instanceof ServerEvent.RecordingFinished recording) {
      message.setHeader("StreamName", recording.stream());
    }
    event.path().ifPresent(file -> message.setHeader("EventFile", file.toString()));
    return message;
  }

  /**
   * Has the event of the message on disk when it is over: an event in the inbox, a recording's marker. Chunks are only looked at.
   *
   * @throws org.reelway.failure.InputFailure its file lies outside of our folders
   * @throws org.reelway.stream.server.EventNotStored it could not be stored, and the server bears to hear that
   * @throws org.reelway.failure.ListFull there is no room for it, and the server bears to hear that
   */
  public void store(Exchange exchange) throws InvalidPayloadException {
    ServerEvent event = exchange.getMessage().getMandatoryBody(ServerEvent.class);
    events.take(event, exchange.getProperty(ADAPTER, ServerAdapter.class).refusalEndsStreams());
  }

  /** What this kind of server wants to hear. */
  public void answer(Exchange exchange) {
    EventAnswer answer =
        exchange.getProperty(ADAPTER, ServerAdapter.class).taken(exchange.getProperty(REQUEST, EventRequest.class));
    ApiAnswer.text(exchange, answer.status(), answer.contentType(), answer.body());
  }
}
