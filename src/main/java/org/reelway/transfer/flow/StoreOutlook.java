package org.reelway.transfer.flow;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the store takes recordings, from what transfers meet; says an outage once, and its end once. */
public final class StoreOutlook {
  private static final Logger LOG = LoggerFactory.getLogger(StoreOutlook.class);

  private static final int SEVERAL = 2;

  private final String name;
  private final Clock clock;
  private Instant failingSince;
  private String error;
  private Instant lastSuccess;
  private Instant lastFailure;
  private Instant answered = Instant.MIN;
  private final Set<String> failing = new HashSet<>();

  /** Of the primary store. */
  public StoreOutlook(Clock clock) {
    this("", clock);
  }

  /** @param name of the store; empty for the primary */
  public StoreOutlook(String name, Clock clock) {
    this.name = name;
    this.clock = clock;
  }

  public synchronized void failed(String message) {
    lastFailure = clock.instant();
    if (failingSince == null) {
      failingSince = lastFailure;
      LOG.warn("{}; recordings stay where they are and are tried again until they are sent", message);
    }
    error = message;
  }

  /** @param recording the id of the one whose transfer failed */
  public synchronized void failed(String recording, String message) {
    if (failing.size() < SEVERAL) {
      failing.add(recording);
    }
    failed(message);
  }

  public synchronized void succeeded() {
    lastSuccess = clock.instant();
    failing.clear();
    if (failingSince != null) {
      LOG.info(
          "the store{} takes recordings again after {} s", name.isEmpty() ? "" : " " + name,
          Duration.between(failingSince, lastSuccess).toSeconds());
    }
    failingSince = null;
    error = null;
  }

  /** It was away, and answers: whether it takes recordings is seen by the next one. */
  public synchronized void answersAgain() {
    answered = clock.instant();
  }

  /** When it answered again last: what was found before says nothing of it now. */
  public synchronized Instant answeredAgain() {
    return answered;
  }

  /** The last error, while nothing has succeeded since. */
  public synchronized Optional<String> error() {
    return Optional.ofNullable(error);
  }

  public synchronized Optional<Instant> failingSince() {
    return Optional.ofNullable(failingSince);
  }

  /** Whether more than one recording has met failures since the last success: it is no single one's. */
  public synchronized boolean isSeveral() {
    return failing.size() >= SEVERAL;
  }

  public synchronized Optional<Instant> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }

  public synchronized Optional<Instant> lastSuccess() {
    return Optional.ofNullable(lastSuccess);
  }
}
