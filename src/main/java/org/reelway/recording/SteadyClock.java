package org.reelway.recording;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Runs on from the moment it was made, whatever becomes of the machine's clock: for waits and intervals, which a clock
 * that is set must neither end nor stretch. It stands still while the machine sleeps.
 */
public final class SteadyClock extends Clock {
  private final Instant start = Instant.now();
  private final long startNanos = System.nanoTime();

  @Override
  public Instant instant() {
    return start.plusNanos(System.nanoTime() - startNanos);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /** Zones mean nothing to it. */
  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
