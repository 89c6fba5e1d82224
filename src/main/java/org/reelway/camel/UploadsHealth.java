package org.reelway.camel;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.transfer.audit.UploadFinding;

/** Tells what the janitor saw last. What it leaves costs money and harms no recording: never down. */
final class UploadsHealth extends GuardedHealth {
  private final JanitorParts janitor;

  UploadsHealth(JanitorParts janitor) {
    super("reelway", "uploads");
    this.janitor = janitor;
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    janitor
        .last()
        .ifPresent(
            report -> {
              builder.detail("uploads.looked-at", report.at().toString());
              builder.detail("uploads.lifecycle", report.lifecycle().words());
              for (UploadFinding.Kind kind : UploadFinding.Kind.values()) {
                if (report.count(kind) > 0) {
                  builder.detail("uploads." + kind.word(), report.count(kind));
                }
              }
            });
    builder.up();
  }
}
