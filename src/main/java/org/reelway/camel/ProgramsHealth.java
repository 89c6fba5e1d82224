package org.reelway.camel;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.transfer.program.RecordingPrograms;

/** Tells of programs that fail. Up all the same: recordings are carried, and no program may take a sidecar out of service. */
final class ProgramsHealth extends GuardedHealth {
  private final RecordingPrograms programs;

  ProgramsHealth(RecordingPrograms programs) {
    super("reelway", "programs");
    this.programs = programs;
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    String trouble = programs.trouble();
    builder
        .detail("programs.state", trouble.isEmpty() ? "ok" : "degraded")
        .detail("programs.running", programs.running())
        .detail("programs.waiting", programs.waiting());
    if (!trouble.isEmpty()) {
      builder.message("the last program failed: " + trouble);
    }
    builder.up();
  }
}
