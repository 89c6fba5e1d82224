package org.reelway.camel;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.reelway.flow.Backlog;

/** Tells what waits. Waiting alone is no illness: a store that is away is told by its own check. */
final class BacklogHealth extends AbstractHealthCheck {
  private final Backlog backlog;

  BacklogHealth(Backlog backlog) {
    super("reelway", "backlog");
    this.backlog = backlog;
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    builder
        .detail("recordings.unsent", backlog.recordings())
        .detail("recordings.pending-bytes", backlog.pendingBytes())
        .detail("recordings.oldest-unsent-seconds", backlog.oldestAge().toSeconds())
        .up();
  }
}
