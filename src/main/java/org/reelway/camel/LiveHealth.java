package org.reelway.camel;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.live.LiveStatus;

/** Down while a live playlist is refused, or has waited for longer than gaps take. Not part of liveness. */
final class LiveHealth extends GuardedHealth {
  private static final Duration BEYOND_GAPS = Duration.ofSeconds(20);
  private static final int MOST_SAID = 3;

  private final Supplier<List<LiveStatus>> statuses;
  private final Duration patience;
  private final Clock clock;

  LiveHealth(Supplier<List<LiveStatus>> statuses, Duration gapAfter, Clock clock) {
    super("live", Scope.READY);
    this.statuses = statuses;
    this.patience = gapAfter.plus(BEYOND_GAPS);
    this.clock = clock;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    List<LiveStatus> all = statuses.get();
    List<String> bad = all.stream().filter(this::isBad).map(LiveHealth::inWords).toList();
    builder.detail("live.playlists", all.size());
    if (bad.isEmpty()) {
      builder.up();
    } else {
      builder.detail("live.bad", bad.size());
      builder.message(String.join("; ", bad.subList(0, Math.min(MOST_SAID, bad.size())))).down();
    }
  }

  private boolean isBad(LiveStatus status) {
    Instant since = status.behindSince();
    return status.state().equals("refused") || since != null && clock.instant().isAfter(since.plus(patience));
  }

  private static String inWords(LiveStatus status) {
    String why = status.trouble().isEmpty() ? "waits for " + String.join(", ", status.awaited()) : status.trouble();
    return status.playlist() + " is " + status.state() + ": " + why;
  }
}
