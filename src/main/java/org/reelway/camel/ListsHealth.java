package org.reelway.camel;

import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.failure.ListBound;

/** Down while a list that others can make longer is full. Not part of liveness: after a restart it is as long as before. */
final class ListsHealth extends GuardedHealth {
  private final List<ListBound> bounds;

  ListsHealth(List<ListBound> bounds) {
    super("reelway", "lists");
    this.bounds = bounds;
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
    List<String> full = bounds.stream().filter(ListBound::isFull).map(ListBound::words).toList();
    if (full.isEmpty()) {
      builder.up();
    } else {
      builder.message(String.join("; ", full)).down();
    }
  }
}
