package org.reelway.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The recording calls of Flashphoner WCS as its documents describe them: 200 without a body, 404 where there is nothing
 * such, 500 where the body is not what is wanted. No real WCS was asked how it behaves.
 */
public final class WcsStandIn implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Set<String> published = ConcurrentHashMap.newKeySet();
  private final Map<String, String> recorded = new ConcurrentHashMap<>();
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private volatile boolean failing;
  private HttpServer http;
  private int port;

  public static WcsStandIn start() {
    WcsStandIn server = new WcsStandIn();
    server.back();
    return server;
  }

  /** @param session mediaSessionId of a stream that somebody publishes */
  public void publish(String session) {
    published.add(session);
  }

  public void unpublish(String session) {
    published.remove(session);
    recorded.remove(session);
  }

  /** Somebody else has it recorded. */
  public void record(String session) {
    recorded.put(session, "others");
  }

  /** All streams and recordings are gone. */
  public void restart() {
    recorded.clear();
  }

  /** Answers 500 to everything. */
  public void fail(boolean on) {
    failing = on;
  }

  /** Nothing listens. */
  public void away() {
    http.stop(0);
  }

  public void back() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      port = http.getAddress().getPort();
      http.createContext("/", this::answer);
      http.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI base() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Calls that were taken, but for questions: the last part of the path, and the body. */
  public List<String> taken() {
    return List.copyOf(taken);
  }

  /** File names by mediaSessionId. */
  public Map<String, String> recorded() {
    return Map.copyOf(recorded);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes());
    String call = exchange.getRequestURI().getPath();
    byte[] content = new byte[0];
    int status = 500;
    boolean json = "application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type"));
    if (exchange.getRequestMethod().equals("POST") && json && !failing) {
      switch (call) {
        case "/rest-api/stream/startRecording" -> status = begin(body);
        case "/rest-api/stream/stopRecording" -> status = end(body);
        case "/rest-api/recorder/find_all" -> {
          status = recorded.isEmpty() ? 404 : 200;
          content = recorded.isEmpty() ? content : all();
        }
        default -> status = 404;
      }
    }
    exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(content);
    }
  }

  private int begin(String body) throws IOException {
    JsonNode json = JSON.readTree(body);
    String session = json.path("mediaSessionId").asText();
    if (!json.at("/config/fileTemplate").isTextual() || !json.at("/config/rotation").asText("1").matches("[1-9]\\d*M?")) {
      return 500;
    }
    if (!published.contains(session)) {
      return 404;
    }
    recorded.put(session, json.at("/config/fileTemplate").asText() + ".mp4");
    taken.add("startRecording " + body);
    return 200;
  }

  private int end(String body) throws IOException {
    if (recorded.remove(JSON.readTree(body).path("mediaSessionId").asText()) == null) {
      return 404;
    }
    taken.add("stopRecording " + body);
    return 200;
  }

  private byte[] all() throws IOException {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    recorded.forEach((session, file) -> all.addObject().put("fileName", file).put("mediaSessionId", session));
    return JSON.writeValueAsBytes(all);
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
