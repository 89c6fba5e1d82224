package org.reelway.camel;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.state.StateWriter;

/** Down while the state cannot be written. Not part of liveness: a restart makes no room. */
final class StateHealth extends GuardedHealth {
  private final StateWriter writer;

  StateHealth(StateWriter writer) {
    super("reelway", "state");
    this.writer = writer;
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  /** Recordings travel all the same. */
  @Override
  public boolean isReadiness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    String trouble = writer.trouble();
    if (trouble.isEmpty()) {
      builder.up();
    } else {
      builder.message("the state cannot be written (" + trouble + "); give reelway.state.folder room").down();
    }
  }
}
