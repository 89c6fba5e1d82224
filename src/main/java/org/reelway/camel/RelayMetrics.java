package org.reelway.camel;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.Totals;

/** Relays in numbers, by configured destination without its secrets. */
final class RelayMetrics {
  private static final List<String> STATES = List.of("starting", "running", "incomplete", "waiting", "stopping");

  private RelayMetrics() {}

  static void register(Supervisor relays, List<String> destinations, MeterRegistry metrics) {
    destinations.forEach(shown -> register(relays, shown, metrics));
  }

  private static void register(Supervisor relays, String destination, MeterRegistry metrics) {
    for (String state : STATES) {
      Gauge.builder("reelway.relays", relays, all -> all.count(destination, state))
          .tag("destination", destination)
          .tag("state", state)
          .description("Relays by destination and state")
          .register(metrics);
    }
    FunctionCounter.builder("reelway.relay.bytes", relays, all -> totals(all, destination).bytes())
        .tag("destination", destination)
        .description("Bytes that went to a destination")
        .register(metrics);
    FunctionCounter.builder("reelway.relay.restarts", relays, all -> totals(all, destination).restarts())
        .tag("destination", destination)
        .description("Runs of relays that had to be begun anew")
        .register(metrics);
  }

  private static Totals totals(Supervisor relays, String destination) {
    return relays.totals().getOrDefault(destination, new Totals());
  }
}
