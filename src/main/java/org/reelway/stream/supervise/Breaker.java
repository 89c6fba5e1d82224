package org.reelway.stream.supervise;

import java.time.Duration;
import java.time.Instant;
import org.reelway.transfer.Backoff;

/**
 * The circuit breaker of one target: after a few runs in a row that never got through, by whichever
 * streams, only one at a time tries, with growing pauses, until one gets through. Used by one thread.
 */
final class Breaker {
  private static final int OPENS_AFTER = 3;

  private final Backoff backoff;
  private int failures;
  private Instant nextTry = Instant.MIN;
  private SupervisedTask probe;

  Breaker(Backoff backoff) {
    this.backoff = backoff;
  }

  /** Whether the run may begin; where the breaker is open, it is the one that tries. */
  boolean mayStart(SupervisedTask task, Instant now) {
    if (!isOpen()) {
      return true;
    }
    if (probe != null || now.isBefore(nextTry)) {
      return false;
    }
    probe = task;
    return true;
  }

  /** When it makes sense to ask again. */
  Instant nextTry(Instant now) {
    return nextTry.isAfter(now) ? nextTry : now.plus(Duration.ofSeconds(1));
  }

  /** Media went through. */
  void through(SupervisedTask task) {
    failures = 0;
    probe = null;
  }

  /** The run ended before any media went through, for the target's sake. */
  void failed(SupervisedTask task, Instant now) {
    failures++;
    nextTry = now.plus(backoff.after(Math.max(1, failures - OPENS_AFTER)));
    ended(task);
  }

  /** The run is over, and says nothing about the target. */
  void ended(SupervisedTask task) {
    if (probe == task) {
      probe = null;
    }
  }

  boolean isOpen() {
    return failures >= OPENS_AFTER;
  }
}
