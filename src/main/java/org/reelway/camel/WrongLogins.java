package org.reelway.camel;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log that somebody tries passwords: the first one, and how many more there were, once a minute. */
final class WrongLogins {
  private static final Logger LOG = LoggerFactory.getLogger(WrongLogins.class);
  private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

  private long said = System.nanoTime() - PAUSE;
  private int unsaid;

  synchronized void count(String from) {
    unsaid++;
    long now = System.nanoTime();
    if (now - said >= PAUSE) {
      LOG.warn("wrong usernames or passwords: {} since this was last said, the newest from {}", unsaid, from);
      said = now;
      unsaid = 0;
    }
  }
}
