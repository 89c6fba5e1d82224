package org.reelway.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A real HTTP server that takes HLS by PUT and DELETE from one user, as ingest servers do. What it has stays over a restart. */
public final class HlsReceiver implements AutoCloseable {
  private final String authorization;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, String> types = new ConcurrentHashMap<>();
  private final List<String> deleted = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private int port;

  private HlsReceiver(String user, String password) {
    this.authorization =
        "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  public static HlsReceiver start(String user, String password) {
    HlsReceiver receiver = new HlsReceiver(user, password);
    receiver.startAgain();
    return receiver;
  }

  /** On the same port. */
  public void startAgain() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    port = server.getAddress().getPort();
    server.setExecutor(Executors.newCachedThreadPool(work -> {
      Thread thread = new Thread(work, "hls-receiver");
      thread.setDaemon(true);
      return thread;
    }));
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getRawPath();
      int status = 405;
      if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        status = 401;
      } else if (exchange.getRequestMethod().equals("PUT")) {
        types.put(path, String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")));
        files.put(path, body);
        status = 201;
      } else if (exchange.getRequestMethod().equals("DELETE")) {
        status = files.remove(path) == null ? 404 : 204;
        deleted.add(path);
      }
      exchange.sendResponseHeaders(status, -1);
    }
  }

  public int port() {
    return port;
  }

  /** What is there under the path. */
  public Optional<byte[]> read(String path) {
    return Optional.ofNullable(files.get(path));
  }

  public Map<String, byte[]> files() {
    return Map.copyOf(files);
  }

  /** Content types that the sender told, by their paths; "null" for none. */
  public Map<String, String> types() {
    return Map.copyOf(types);
  }

  /** Paths of what was deleted by request. */
  public List<String> deleted() {
    return List.copyOf(deleted);
  }

  /** Nothing listens any more. */
  public void stop() {
    server.stop(0);
  }

  @Override
  public void close() {
    stop();
  }
}
