package org.reelway.stream.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Metrics of media servers' events. */
public final class EventMetrics {
  private final MeterRegistry metrics;
  private final Timer lag;

  public EventMetrics(MeterRegistry metrics) {
    this.metrics = metrics;
    this.lag =
        Timer.builder("reelway.server.event.lag")
            .description("From the arrival of a stream's event until all that follows from it was begun")
            .serviceLevelObjectives(
                Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
                Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(10))
            .register(metrics);
  }

  /** @param outcome taken, repeated, unstored, full, refused or failed */
  void count(String source, String type, String outcome) {
    metrics.counter("reelway.server.events", "source", source, "type", type, "outcome", outcome).increment();
  }

  /** An event was acted on. */
  public void acted(Duration after) {
    lag.record(after.isNegative() ? Duration.ZERO : after);
  }

  /** From now on shows what is known and what waits. */
  public void watch(StreamRegistry registry, EventInbox inbox) {
    Gauge.builder("reelway.server.streams", registry, all -> all.live().size())
        .description("Streams of media servers that are on, as far as is known")
        .register(metrics);
    Gauge.builder("reelway.server.events.waiting", inbox, EventInbox::waiting)
        .description("Events of media servers that nothing has acted on yet")
        .register(metrics);
  }
}
