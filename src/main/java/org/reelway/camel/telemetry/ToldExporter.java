package org.reelway.camel.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that spans do not get to the collector, and once that they do again; counts both. */
final class ToldExporter implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(ToldExporter.class);

  private final SpanExporter exporter;
  private final URI endpoint;
  private final Counter sent;
  private final Counter lost;
  private final AtomicBoolean failing = new AtomicBoolean();

  ToldExporter(SpanExporter exporter, URI endpoint, MeterRegistry metrics) {
    this.exporter = exporter;
    this.endpoint = endpoint;
    this.sent = counter(metrics, "sent");
    this.lost = counter(metrics, "lost");
  }

  /** @param result sent; lost by the collector; dropped for want of room */
  static Counter counter(MeterRegistry metrics, String result) {
    return Counter.builder("reelway.telemetry.spans")
        .description("Spans of traces, by what became of them")
        .tag("result", result)
        .register(metrics);
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = exporter.export(spans.stream().<SpanData>map(ShownSpan::new).toList());
    result.whenComplete(() -> {
      (result.isSuccess() ? sent : lost).increment(spans.size());
      if (!result.isSuccess() && failing.compareAndSet(false, true)) {
        LOG.warn("traces do not get to {} and are dropped: {}", endpoint, reason(result.getFailureThrowable()));
      } else if (result.isSuccess() && failing.compareAndSet(true, false)) {
        LOG.info("traces get to {} again", endpoint);
      }
    });
    return result;
  }

  /** An answer other than 200 comes without words. */
  private static String reason(Throwable why) {
    Throwable said = why != null && why.getMessage() == null && why.getCause() != null ? why.getCause() : why;
    return said == null || said.getMessage() == null ? "it does not take them" : said.toString();
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
