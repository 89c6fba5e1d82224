package org.reelway.camel;

import java.util.Optional;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.camel.GuardedHealth.Scope;
import org.reelway.camel.queue.Broker;

/** The broker of several sidecars, where {@code reelway.queue.url} is set. */
final class QueueFeature extends Feature {
  private final Optional<Broker> broker;

  @BindToRegistry("reelwayQueueHealth")
  final GuardedHealth health = new GuardedHealth("queue", Scope.TOLD, this::tell);

  QueueFeature(StateFeature state) {
    this.broker = Broker.of(state.settings);
  }

  /** Down while it is away: mixes of the farm wait, and all else goes on. */
  private void tell(HealthCheckResultBuilder builder) {
    String trouble = broker.map(Broker::trouble).orElse("");
    if (trouble.isEmpty()) {
      builder.up();
    } else {
      builder.message(trouble + "; mixes of the farm wait until it does").down();
    }
  }

  @Override
  void configure(CamelContext camel) {
    broker.ifPresent(each -> each.configure(camel));
  }

  @Override
  void begin() {
    broker.ifPresent(Broker::begin);
  }

  @Override
  void close() {
    broker.ifPresent(Broker::close);
  }
}
