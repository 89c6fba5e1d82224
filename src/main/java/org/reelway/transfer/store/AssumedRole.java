package org.reelway.transfer.store;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.reelway.failure.DestinationFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Short-lived credentials of a role, for which others vouch. They are renewed well before their end by the one thread
 * that comes first, while the others go on with those that are still valid; and at once where a store refuses them.
 */
public final class AssumedRole implements CredentialsSource {
  private static final Logger LOG = LoggerFactory.getLogger(AssumedRole.class);
  private static final Duration EARLY = Duration.ofMinutes(5);
  /** After a renewal that failed, while the old ones still serve. */
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(30);
  private static final Duration ANEW_AT_MOST_EVERY = Duration.ofSeconds(10);

  private final StsCall sts;
  private final Clock clock;
  private final ReentrantLock renewing = new ReentrantLock();
  private volatile Session session;
  private volatile Instant tryAgainAt = Instant.MIN;
  /** When a refusal last brought new ones; null while none did. */
  private Instant anewAt;

  /** @param from when on it is renewed; @param end when it is worth nothing */
  private record Session(Credentials credentials, Instant from, Instant end) {}

  /**
   * @param source the credentials that may assume the role
   * @param connection the way to the service: time-outs, proxy, trust
   */
  public AssumedRole(Role role, CredentialsSource source, StoreConnection connection) {
    this(new StsCall(role, source, connection, Clock.systemUTC()), Clock.systemUTC());
  }

  AssumedRole(StsCall sts, Clock clock) {
    this.sts = sts;
    this.clock = clock;
  }

  @Override
  public Credentials get() {
    Session known = session;
    Instant now = clock.instant();
    if (known != null && now.isBefore(known.from)) {
      return known.credentials;
    }
    if (known != null && now.isBefore(known.end)) {
      renewInTime(now);
      return session.credentials;
    }
    renewing.lock();
    try {
      return session != known ? session.credentials : renewed().credentials;
    } finally {
      renewing.unlock();
    }
  }

  private void renewInTime(Instant now) {
    if (now.isBefore(tryAgainAt) || !renewing.tryLock()) {
      return;
    }
    try {
      if (clock.instant().isBefore(session.from)) {
        return;
      }
      renewed();
    } catch (DestinationFailure e) {
      tryAgainAt = now.plus(AGAIN_AFTER);
      LOG.warn("{}; the credentials of before are valid until {}", e.getMessage(), session.end);
    } finally {
      renewing.unlock();
    }
  }

  @Override
  public boolean renew(Credentials refused) {
    renewing.lock();
    try {
      if (session != null && !session.credentials.equals(refused)) {
        return true;
      }
      Instant now = clock.instant();
      if (anewAt != null && now.isBefore(anewAt.plus(ANEW_AT_MOST_EVERY))) {
        return false;
      }
      boolean others = !renewed().credentials.equals(refused);
      // Only now: a service that was away is asked again with the next call.
      anewAt = now;
      return others;
    } finally {
      renewing.unlock();
    }
  }

  private Session renewed() {
    StsCall.Answer answer;
    try {
      answer = sts.assumeRole();
    } catch (IOException e) {
      throw new DestinationFailure("the role cannot be assumed: " + e.getMessage(), e);
    }
    Instant now = clock.instant();
    Duration life = Duration.between(now, answer.end());
    Duration early = life.dividedBy(3).compareTo(EARLY) < 0 ? life.dividedBy(3) : EARLY;
    session = new Session(answer.credentials(), answer.end().minus(early), answer.end());
    return session;
  }

  @Override
  public void close() {
    sts.close();
  }
}
