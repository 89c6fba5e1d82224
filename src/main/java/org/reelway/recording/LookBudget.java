package org.reelway.recording;

import java.time.Duration;
import java.time.Instant;

/**
 * What looks that nobody scheduled may cost: half a percent of the time, saved up to half a second, so that the first
 * ones, which a JVM does slowly, and a slow one in between delay none.
 */
final class LookBudget {
  private static final int SHARE = 200;
  private static final Duration MOST = Duration.ofMillis(500);

  private Duration saved = MOST;
  private Instant at;

  boolean allows(Instant now) {
    if (at != null) {
      Duration earned = saved.plus(Duration.between(at, now).dividedBy(SHARE));
      saved = earned.compareTo(MOST) > 0 ? MOST : earned;
    }
    at = now;
    return !saved.isNegative() && !saved.isZero();
  }

  void spend(Duration took) {
    saved = saved.minus(took);
  }
}
