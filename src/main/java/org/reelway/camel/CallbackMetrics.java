package org.reelway.camel;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.reelway.callback.Deliveries;
import org.reelway.callback.DeliveryObserver;
import org.reelway.callback.Outbox;

/** Callbacks as Prometheus sees them. */
final class CallbackMetrics implements DeliveryObserver {
  private final MeterRegistry metrics;

  CallbackMetrics(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  static void gauges(Outbox outbox, Deliveries deliveries, MeterRegistry metrics, Clock clock) {
    Gauge.builder("reelway.callbacks.waiting", outbox, GuardedHealth.orNone(all -> all.counts().waiting()))
        .description("Callbacks that wait for their receivers")
        .register(metrics);
    Gauge.builder("reelway.callbacks.dead", outbox, GuardedHealth.orNone(all -> all.counts().dead()))
        .description("Callbacks that were given up and can be replayed")
        .register(metrics);
    Gauge.builder("reelway.callbacks.oldest.seconds", outbox, GuardedHealth.orNone(all -> all.oldestSeconds(clock.instant())))
        .description("For how long the oldest callback has waited; 0 when none does")
        .register(metrics);
    Gauge.builder("reelway.callbacks.owned", deliveries, Deliveries::owned)
        .description("Receivers that this sidecar delivers to now; each is one sidecar's at a time")
        .register(metrics);
  }

  @Override
  public void delivered(String receiver) {
    count("reelway.callbacks.delivered", "Callbacks that their receivers took", receiver);
  }

  @Override
  public void failed(String receiver) {
    count("reelway.callbacks.failed", "Tries of callbacks that came to nothing", receiver);
  }

  @Override
  public void dead(String receiver) {
    count("reelway.callbacks.given.up", "Callbacks that became dead letters", receiver);
  }

  private void count(String name, String description, String receiver) {
    Counter.builder(name).description(description).tag("receiver", receiver).register(metrics).increment();
  }
}
