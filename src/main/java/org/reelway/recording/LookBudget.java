package org.reelway.recording;

import java.time.Duration;
import java.time.Instant;

/**
 * What looks that nobody scheduled may cost: a share of the time, saved up to half a second, so that the first ones, which a
 * JVM does slowly, and a slow one in between delay none.
 */
final class LookBudget {
  private static final Duration MOST = Duration.ofMillis(500);

  private final int share;
  private Duration saved = MOST;
  private Instant at;

  /** @param share 200 for half a percent of the time */
  LookBudget(int share) {
    this.share = share;
  }

  boolean allows(Instant now) {
    if (at != null) {
      Duration earned = saved.plus(Duration.between(at, now).dividedBy(share));
      saved = earned.compareTo(MOST) > 0 ? MOST : earned;
    }
    at = now;
    return !saved.isNegative() && !saved.isZero();
  }

  void spend(Duration took) {
    saved = saved.minus(took);
  }
}
