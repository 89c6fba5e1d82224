package org.reelway.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** As much of S3 as splits need, out of memory: what is measured with it is Reelway's own part. */
final class QuickStore implements AutoCloseable {
  private static final int PAGE = 1000;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(16);
  private final NavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger listings = new AtomicInteger();

  QuickStore() throws IOException {
    // Else each answer waits 40 ms for the client's system to acknowledge its head.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void put(String key, byte[] bytes) {
    objects.put(key, bytes);
  }

  int requests() {
    return requests.get();
  }

  int listings() {
    return listings.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.incrementAndGet();
      String path = exchange.getRequestURI().getPath();
      String key = path.substring(Math.min(path.length(), path.indexOf('/', 1) + 1));
      String query = exchange.getRequestURI().getRawQuery();
      if (exchange.getRequestMethod().equals("PUT")) {
        byte[] body = exchange.getRequestBody().readAllBytes();
        objects.put(key, body);
        exchange.getResponseHeaders().set("ETag", etag(body));
        exchange.sendResponseHeaders(200, -1);
      } else if (query != null && query.contains("list-type=2")) {
        list(exchange, query);
      } else {
        get(exchange, key);
      }
    }
  }

  private void get(HttpExchange exchange, String key) throws IOException {
    byte[] bytes = objects.get(key);
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    if (bytes == null) {
      answer(exchange, 404, isHead ? new byte[0] : "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.UTF_8));
      return;
    }
    exchange.getResponseHeaders().set("ETag", etag(bytes));
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (isHead) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
      exchange.sendResponseHeaders(200, -1);
    } else if (range == null) {
      answer(exchange, 200, bytes);
    } else {
      String[] borders = range.substring("bytes=".length()).split("-");
      int from = Integer.parseInt(borders[0]);
      int to = Math.min(bytes.length - 1, Integer.parseInt(borders[1]));
      exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + to + "/" + bytes.length);
      answer(exchange, 206, Arrays.copyOfRange(bytes, from, to + 1));
    }
  }

  private void list(HttpExchange exchange, String query) throws IOException {
    listings.incrementAndGet();
    String prefix = value(query, "prefix");
    String after = value(query, "continuation-token");
    StringBuilder page = new StringBuilder("<ListBucketResult><Name>b</Name>");
    int count = 0;
    String last = "";
    boolean more = false;
    for (Map.Entry<String, byte[]> each : objects.tailMap(after.isEmpty() ? prefix : after, after.isEmpty()).entrySet()) {
      if (!each.getKey().startsWith(prefix)) {
        break;
      }
      if (count == PAGE) {
        more = true;
        break;
      }
      last = each.getKey();
      count++;
      page.append("<Contents><Key>").append(last).append("</Key><LastModified>2026-11-30T12:00:00.000Z</LastModified><ETag>")
          .append(Integer.toHexString(last.hashCode())).append("</ETag><Size>").append(each.getValue().length)
          .append("</Size></Contents>");
    }
    page.append("<IsTruncated>").append(more).append("</IsTruncated>");
    if (more) {
      page.append("<NextContinuationToken>").append(last).append("</NextContinuationToken>");
    }
    answer(exchange, 200, page.append("</ListBucketResult>").toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String value(String query, String name) {
    return Arrays.stream(query.split("&"))
        .filter(part -> part.startsWith(name + "="))
        .map(part -> URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8))
        .findFirst()
        .orElse("");
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private static String etag(byte[] bytes) {
    try {
      return '"' + HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes)) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
