package org.reelway.flow;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the store takes recordings, from what transfers meet; says an outage once, and its end once. */
public final class StoreOutlook {
  private static final Logger LOG = LoggerFactory.getLogger(StoreOutlook.class);

  private final Clock clock;
  private Instant failingSince;
  private String error;
  private Instant lastSuccess;

  public StoreOutlook(Clock clock) {
    this.clock = clock;
  }

  public synchronized void failed(String message) {
    if (failingSince == null) {
      failingSince = clock.instant();
      LOG.warn("{}; recordings stay where they are and are tried again until they are sent", message);
    }
    error = message;
  }

  public synchronized void succeeded() {
    lastSuccess = clock.instant();
    if (failingSince != null) {
      LOG.info("the store takes recordings again after {} s", Duration.between(failingSince, lastSuccess).toSeconds());
    }
    failingSince = null;
    error = null;
  }

  /** The last error, while nothing has succeeded since. */
  public synchronized Optional<String> error() {
    return Optional.ofNullable(error);
  }

  public synchronized Optional<Instant> failingSince() {
    return Optional.ofNullable(failingSince);
  }

  public synchronized Optional<Instant> lastSuccess() {
    return Optional.ofNullable(lastSuccess);
  }
}
