package org.reelway.camel;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.stream.supervise.TaskStatus;

/** Down while a stream that is on does not reach its target, and that is no matter of moments. Not part of liveness. */
final class TasksHealth extends GuardedHealth {
  private static final Duration MOMENTS = Duration.ofSeconds(30);
  private static final int MOST_SAID = 3;

  private final String kind;
  private final Supplier<List<TaskStatus>> statuses;
  private final Clock clock;

  /** @param kind what the tasks are called, such as {@code relays} */
  TasksHealth(String kind, Supplier<List<TaskStatus>> statuses, Clock clock) {
    super(kind, Scope.READY);
    this.kind = kind;
    this.statuses = statuses;
    this.clock = clock;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    List<TaskStatus> all = statuses.get();
    Instant lately = clock.instant().minus(MOMENTS);
    List<String> bad =
        all.stream()
            .filter(status -> status.behindSince() != null && status.behindSince().isBefore(lately))
            .map(status -> status.stream() + " to " + status.target() + ": " + status.trouble())
            .toList();
    builder.detail(kind, all.size());
    if (bad.isEmpty()) {
      builder.up();
    } else {
      builder.detail(kind + ".bad", bad.size());
      builder.message(String.join("; ", bad.subList(0, Math.min(MOST_SAID, bad.size())))).down();
    }
  }
}
