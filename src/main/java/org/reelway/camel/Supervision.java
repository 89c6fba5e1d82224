package org.reelway.camel;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.reelway.settings.RoutingSettings;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;
import org.reelway.stream.supervise.Limits;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.transfer.Backoff;

/** What relays, recorders and multi-recorders have in common. */
final class Supervision {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration HEALTHY_AFTER = Duration.ofSeconds(30);
  private static final List<String> STATES = List.of("starting", "running", "incomplete", "waiting", "stopping");

  private Supervision() {}

  /** @param most at once @param grace for a program that is asked to end */
  static Limits limits(Settings settings, Setting<Integer> most, Duration grace) {
    Duration longest = settings.get(RoutingSettings.RETRY_MAX);
    Duration first = longest.compareTo(FIRST_PAUSE) < 0 ? longest : FIRST_PAUSE;
    return new Limits(
        settings.get(most), settings.get(RoutingSettings.STALL_AFTER), grace, new Backoff(first, longest), HEALTHY_AFTER);
  }

  /** One gauge for each state. @param count how many tasks are in a state */
  static void gauges(
      MeterRegistry metrics, String name, String description, Tags tags, Supervisor tasks, CountInState count) {
    for (String state : STATES) {
      ToDoubleFunction<Supervisor> value = all -> count.of(all, state);
      Gauge.builder(name, tasks, value).tags(tags).tag("state", state).description(description).register(metrics);
    }
  }

  /** How many tasks are in a state. */
  @FunctionalInterface
  interface CountInState {
    long of(Supervisor tasks, String state);
  }
}
