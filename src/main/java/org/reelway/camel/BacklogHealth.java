package org.reelway.camel;

import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.transfer.flow.Backlog;

/**
 * Tells what waits, and what was set aside. Neither is an illness: a store that is away is told by its own check, and what is
 * wrong with one recording keeps no other.
 */
final class BacklogHealth extends GuardedHealth {
  private final Backlog backlog;
  private final LongSupplier setAside;

  BacklogHealth(Backlog backlog, LongSupplier setAside) {
    super("reelway", "backlog");
    this.setAside = setAside;
    this.backlog = backlog;
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    long aside = setAside.getAsLong();
    if (aside > 0) {
      builder.message(aside + " recordings are set aside; GET /recordings?state=set-aside tells why");
    }
    builder
        .detail("recordings.set-aside", aside)
        .detail("recordings.unsent", backlog.recordings())
        .detail("recordings.pending-bytes", backlog.pendingBytes())
        .detail("recordings.oldest-unsent-seconds", backlog.oldestAge().toSeconds())
        .up();
  }
}
