package org.reelway.recording;

import java.time.Duration;
import java.time.Instant;

/**
 * When a folder is looked at in full again: each time in a small folder, seldom in a large one, so that full looks take a
 * thousandth of the time.
 */
final class FullLooks {
  private static final Duration MOST_SELDOM = Duration.ofHours(6);
  private static final int SHARE = 1000;

  private Instant next = Instant.MIN;

  boolean isDue(Instant now) {
    return !now.isBefore(next);
  }

  /** @param took the time of a full look that ended now */
  void done(Instant now, Duration took) {
    Duration pause = took.multipliedBy(SHARE);
    next = now.plus(pause.compareTo(MOST_SELDOM) > 0 ? MOST_SELDOM : pause);
  }
}
