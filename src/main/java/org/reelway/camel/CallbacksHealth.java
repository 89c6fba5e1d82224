package org.reelway.camel;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.callback.Deliveries;
import org.reelway.callback.Outbox;
import org.reelway.state.StoredCallbacks;

/**
 * Tells of callbacks that wait and of dead letters. Up all the same: no backend's illness may take a sidecar out of
 * service that does its work; alarms belong to the metrics.
 */
final class CallbacksHealth extends GuardedHealth {
  private final Outbox outbox;
  private final Deliveries deliveries;
  private final Clock clock;

  CallbacksHealth(Outbox outbox, Deliveries deliveries, Clock clock) {
    super("callbacks", Scope.READY);
    this.outbox = outbox;
    this.deliveries = deliveries;
    this.clock = clock;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    StoredCallbacks.Counts counts = outbox.counts();
    List<String> away = deliveries.away();
    boolean degraded = counts.dead() > 0 || !away.isEmpty();
    builder
        .detail("callbacks.state", degraded ? "degraded" : "ok")
        .detail("callbacks.waiting", counts.waiting())
        .detail("callbacks.oldest-seconds", outbox.oldestSeconds(clock.instant()))
        .detail("callbacks.dead", counts.dead())
        .detail("callbacks.away", String.join(", ", away));
    if (degraded) {
      builder.message(
          counts.waiting() + " callbacks wait, " + counts.dead() + " were given up"
              + (away.isEmpty() ? "" : ", nothing is taken by " + String.join(", ", away))
              + "; `reelway callbacks` tells why");
    }
    builder.up();
  }
}
