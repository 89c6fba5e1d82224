package org.reelway.camel.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has spans wait in memory, up to a bound, until a few are sent at once. Those that find no room are counted, and told once
 * until there is room again; the SDK's own processor drops them in silence.
 */
final class WaitingSpans implements SpanProcessor {
  private static final Logger LOG = LoggerFactory.getLogger(WaitingSpans.class);
  private static final Duration SEND_EVERY = Duration.ofSeconds(1);

  private final int most;
  private final SpanProcessor sending;
  private final Counter dropped;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean full = new AtomicBoolean();

  WaitingSpans(SpanExporter exporter, int most, MeterRegistry metrics) {
    this.most = most;
    this.dropped = ToldExporter.counter(metrics, "dropped");
    // Its own bound is never reached.
    this.sending = BatchSpanProcessor.builder(new Counted(exporter)).setScheduleDelay(SEND_EVERY).setMaxQueueSize(2 * most).build();
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {
    sending.onStart(parent, span);
  }

  @Override
  public boolean isStartRequired() {
    return sending.isStartRequired();
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (!span.getSpanContext().isSampled()) {
      return;
    }
    if (waiting.incrementAndGet() <= most) {
      sending.onEnd(span);
      return;
    }
    waiting.decrementAndGet();
    dropped.increment();
    if (full.compareAndSet(false, true)) {
      LOG.warn("spans of traces come quicker than the collector takes them: {} wait, and those that follow are dropped", most);
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  private void sent(int spans) {
    // Not at the first free place, or it would be told again and again.
    if (waiting.addAndGet(-spans) <= most / 2 && full.compareAndSet(true, false)) {
      LOG.info("there is room for spans of traces again");
    }
  }

  @Override
  public CompletableResultCode forceFlush() {
    return sending.forceFlush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return sending.shutdown();
  }

  private final class Counted implements SpanExporter {
    private final SpanExporter exporter;

    Counted(SpanExporter exporter) {
      this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      int size = spans.size();
      CompletableResultCode result = exporter.export(spans);
      result.whenComplete(() -> sent(size));
      return result;
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
}
