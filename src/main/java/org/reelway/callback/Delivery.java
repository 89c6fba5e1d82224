package org.reelway.callback;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.reelway.state.CallbackRow;
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
  private final AtomicBoolean settled = new AtomicBoolean();

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
   * @param closed whether the program ends: what fails now was perhaps cut by ourselves
   */
  record Books(StoredCallbacks stored, DeliveryObserver observer, Clock clock, BooleanSupplier closed) {}

  Delivery(Books books, Lane lane, CallbackRow row) {
    this.books = books;
    this.lane = lane;
    this.row = row;
  }

  public CallbackRow callback() {
    return row;
  }

  public boolean isSettled() {
    return settled.get();
  }

  /** The receiver has it. On disk when this returns. @param status of the HTTP answer; 0 for none */
  public void delivered(int status) {
    if (settled.compareAndSet(false, true)) {
      write(() -> books.stored().delivered(row, status));
      books.observer().delivered(row.receiver());
      receiverIsThere();
    }
  }

  /** It was not taken, and is tried again unless it has been tried for long enough. */
  public void later(Answer answer, Terms terms) {
    if (!settled.compareAndSet(false, true) || books.closed().getAsBoolean()) {
      return;
    }
    failed(answer, terms);
    if (answer.kind() != Answer.Kind.AWAY) {
      receiverIsThere();
    }
  }

  /** It is not tried any more, unless somebody replays it. */
  public void dead(Answer answer) {
    if (!settled.compareAndSet(false, true) || books.closed().getAsBoolean()) {
      return;
    }
    giveUp(answer);
    if (answer.kind() != Answer.Kind.AWAY) {
      receiverIsThere();
    }
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
      write(() -> books.stored().failed(row, answer.status(), answer.problem(), now.plus(wait)));
    }
  }

  private static Duration wished(Answer answer) {
    Duration wish = answer.retryAfter();
    return wish != null && wish.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wish;
  }

  private void giveUp(Answer answer) {
    write(() -> books.stored().dead(row, answer.status(), answer.problem()));
    books.observer().dead(row.receiver());
    LOG.error(
        "the callback {} ({}, {}) is given up: {}: {}; once that is mended, `reelway callbacks replay {}`", row.id(),
        row.kind(), row.about(), row.receiver(), answer.problem(), row.id());
  }

  /** Without it on disk the same would be sent again at once: it is tried until it is, and nothing else from here. */
  private void write(Supplier<CompletableFuture<Void>> change) {
    while (true) {
      try {
        change.get().join();
        return;
      } catch (CompletionException e) {
        if (books.closed().getAsBoolean() || !paused()) {
          return;
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
