package org.reelway.callback;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.reelway.failure.DestinationFailure;
import org.reelway.state.CallbackRow;
import org.reelway.state.Leases.Lease;
import org.reelway.state.StoredCallbacks;
import org.reelway.transfer.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One try of one callback, until it is settled; the first that is said of it counts. Safe for several threads. */
public final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);
  /** One that waited for days behind another, or while its receiver was away, has its tries too. */
  private static final int FEWEST_TRIES = 10;
  private static final long BETWEEN_WRITES_MILLIS = 1000;

  private final Books books;
  private final Lane lane;
  private final CallbackRow row;
  private final Lease lease;
  private final AtomicBoolean settled = new AtomicBoolean();
  private volatile boolean untried;

  /**
   * When it is tried again.
   *
   * @param backoff between tries of one callback, and of a receiver that is away
   * @param giveUpAfter how long one is tried
   */
  public record Terms(Backoff backoff, Duration giveUpAfter) {}

  /**
   * Where outcomes are noted.
   *
   * @param owned who is asked whether the receiver is still this node's
   * @param closed whether the program ends: what fails now was perhaps cut by ourselves
   */
  record Books(
      StoredCallbacks stored, OwnedReceivers owned, DeliveryObserver observer, Clock clock, BooleanSupplier closed) {}

  /** @param lease under which it is sent */
  Delivery(Books books, Lane lane, CallbackRow row, Lease lease) {
    this.books = books;
    this.lane = lane;
    this.row = row;
    this.lease = lease;
  }

  public CallbackRow callback() {
    return row;
  }

  public boolean isSettled() {
    return settled.get();
  }

  /**
   * Right before it is sent: a process that was paused has perhaps lost the receiver to another node.
   *
   * @throws DestinationFailure it is not sent, and not counted as a try
   */
  public void requireOwned() {
    if (!books.owned().isTrusted(lease)) {
      untried = true;
      throw new DestinationFailure(
          "another sidecar may deliver to " + row.receiver() + " by now, for this one was paused or cut off from the state; the"
              + " callback is sent by whichever has the receiver", null);
    }
  }

  /** The receiver has it. On disk when this returns. @param status of the HTTP answer; 0 for none */
  public void delivered(int status) {
    if (settled.compareAndSet(false, true)) {
      if (note(() -> books.stored().delivered(row, lease, status))) {
        books.observer().delivered(row.receiver());
        receiverIsThere();
      }
    }
  }

  /** It was not taken, and is tried again unless it has been tried for long enough. */
  public void later(Answer answer, Terms terms) {
    if (!settled.compareAndSet(false, true) || isNoTry()) {
      return;
    }
    failed(answer, terms);
    if (answer.kind() != Answer.Kind.AWAY) {
      receiverIsThere();
    }
  }

  /** It is not tried any more, unless somebody replays it. */
  public void dead(Answer answer) {
    if (!settled.compareAndSet(false, true) || isNoTry()) {
      return;
    }
    giveUp(answer);
    if (answer.kind() != Answer.Kind.AWAY) {
      receiverIsThere();
    }
  }

  private boolean isNoTry() {
    if (untried) {
      books.owned().doubt(row.receiver());
    }
    return untried || books.closed().getAsBoolean();
  }

  private void receiverIsThere() {
    if (lane.answers()) {
      LOG.info("the callback receiver {} is back", row.receiver());
      // What was tried in vain meanwhile need not wait for its next turn.
      write(() -> books.stored().hurry(row.receiver()));
    }
  }

  private void failed(Answer answer, Terms terms) {
    books.observer().failed(row.receiver());
    Instant now = books.clock().instant();
    Duration wished = wished(answer);
    Duration pause = terms.backoff().after(row.tries() + 1);
    Duration wait = wished != null && wished.compareTo(pause) > 0 ? wished : pause;
    if (answer.kind() == Answer.Kind.AWAY) {
      lane.away(wished, terms.backoff());
    }
    if (lane.isNews(answer.problem())) {
      LOG.warn(
          "the callback {} ({}, {}) was not taken by {}: {}; it waits and is tried again (GET /callbacks)", row.id(),
          row.kind(), row.about(), row.receiver(), answer.problem());
    }
    boolean isOld = Duration.between(row.waitsSince(), now).compareTo(terms.giveUpAfter()) >= 0;
    if (isOld && row.tries() + 1 >= FEWEST_TRIES) {
      giveUp(answer);
    } else {
      note(() -> books.stored().failed(row, lease, answer.status(), answer.problem(), now.plus(wait)));
    }
  }

  private static Duration wished(Answer answer) {
    Duration wish = answer.retryAfter();
    return wish != null && wish.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wish;
  }

  private void giveUp(Answer answer) {
    if (!note(() -> books.stored().dead(row, lease, answer.status(), answer.problem()))) {
      return;
    }
    books.observer().dead(row.receiver());
    LOG.error(
        "the callback {} ({}, {}) is given up: {}: {}; once that is mended, `reelway callbacks replay {}`", row.id(),
        row.kind(), row.about(), row.receiver(), answer.problem(), row.id());
  }

  /** @return whether it is noted; not where the receiver is another node's by now, which tries it anew */
  private boolean note(Supplier<CompletableFuture<Boolean>> outcome) {
    boolean isNoted = Boolean.TRUE.equals(write(outcome));
    if (!isNoted) {
      books.owned().doubt(row.receiver());
    }
    return isNoted;
  }

  /**
   * Without it on disk the same would be sent again at once: it is tried until it is, and nothing else from here.
   *
   * @return null also where it could not be before the end
   */
  private <T> T write(Supplier<CompletableFuture<T>> change) {
    while (true) {
      try {
        return change.get().join();
      } catch (CompletionException e) {
        if (books.closed().getAsBoolean() || !paused()) {
          return null;
        }
      }
    }
  }

  private static boolean paused() {
    try {
      Thread.sleep(BETWEEN_WRITES_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
