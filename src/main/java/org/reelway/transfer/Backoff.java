package org.reelway.transfer;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Waiting times between tries: doubling from the first to a cap, each drawn between half and the whole of it, so that
 * many that failed together do not come back together.
 */
public record Backoff(Duration first, Duration most) {

  /** @param failures so far, from 1 */
  public Duration after(int failures) {
    int doublings = Math.max(0, Math.min(failures - 1, 30));
    long whole = Math.min(most.toMillis(), first.toMillis() << doublings >> doublings == first.toMillis()
        ? first.toMillis() << doublings
        : most.toMillis());
    long half = whole / 2;
    return Duration.ofMillis(half + ThreadLocalRandom.current().nextLong(whole - half + 1));
  }
}
