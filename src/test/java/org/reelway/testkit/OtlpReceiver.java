package org.reelway.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** A collector of traces: OTLP over HTTP, protobuf, in the form of OpenTelemetry's own definitions. */
public final class OtlpReceiver implements AutoCloseable {
  private final HttpServer server;
  private final List<Received> spans = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private volatile int status = 200;

  /**
   * @param parent empty for a root
   * @param attributes as text
   * @param resource of its sender, as text
   */
  public record Received(
      String trace, String id, String parent, String name, Map<String, String> attributes, List<String> events, boolean failed,
      long beginNanos, long endNanos, Map<String, String> resource) {}

  public OtlpReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/traces", this::take);
    server.setExecutor(Executors.newCachedThreadPool(work -> {
      Thread thread = new Thread(work, "otlp receiver");
      thread.setDaemon(true);
      return thread;
    }));
    server.start();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What it answers from now on. */
  public void answer(int next) {
    status = next;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      InputStream body = zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
      ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(body);
      if (status == 200) {
        request.getResourceSpansList().forEach(this::take);
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      }
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private void take(ResourceSpans sent) {
    Map<String, String> resource = texts(sent.getResource().getAttributesList());
    sent.getScopeSpansList().forEach(scope -> scope.getSpansList().forEach(span -> spans.add(received(span, resource))));
  }

  private static Received received(Span span, Map<String, String> resource) {
    HexFormat hex = HexFormat.of();
    return new Received(
        hex.formatHex(span.getTraceId().toByteArray()), hex.formatHex(span.getSpanId().toByteArray()),
        hex.formatHex(span.getParentSpanId().toByteArray()), span.getName(), texts(span.getAttributesList()),
        span.getEventsList().stream().map(Span.Event::getName).toList(),
        span.getStatus().getCode() == io.opentelemetry.proto.trace.v1.Status.StatusCode.STATUS_CODE_ERROR,
        span.getStartTimeUnixNano(), span.getEndTimeUnixNano(), resource);
  }

  private static Map<String, String> texts(List<io.opentelemetry.proto.common.v1.KeyValue> attributes) {
    Map<String, String> texts = new TreeMap<>();
    attributes.forEach(each -> texts.put(
        each.getKey(),
        each.getValue().hasStringValue() ? each.getValue().getStringValue() : String.valueOf(each.getValue().getIntValue())));
    return texts;
  }

  public List<Received> spans() {
    return List.copyOf(spans);
  }

  /** Of each request that was taken; {@code null} as text where it had none. */
  public List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
