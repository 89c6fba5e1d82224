package org.reelway.callback;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.reelway.failure.InputFailure;
import org.reelway.state.CallbackRow;
import org.reelway.state.StoredCallbacks;
import org.reelway.transfer.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One try of one callback, and what follows from its answer. */
public final class Delivery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);
  /** One that waited for days behind another, or while its receiver was away, has its tries too. */
  private static final int FEWEST_TRIES = 10;
  private static final long BETWEEN_WRITES_MILLIS = 1000;

  private final StoredCallbacks stored;
  private final Receivers receivers;
  private final Courier courier;
  private final Signer signer;
  private final Terms terms;
  private final DeliveryObserver observer;
  private final Clock clock;

  /**
   * @param backoff between tries of one callback
   * @param giveUpAfter how long one is tried
   * @param userAgent with which it says who it is
   */
  public record Terms(Backoff backoff, Duration giveUpAfter, String userAgent) {}

  public Delivery(
      StoredCallbacks stored, Receivers receivers, Courier courier, Signer signer, Terms terms,
      DeliveryObserver observer, Clock clock) {
    this.stored = stored;
    this.receivers = receivers;
    this.courier = courier;
    this.signer = signer;
    this.terms = terms;
    this.observer = observer;
    this.clock = clock;
  }

  void deliver(Lane lane, CallbackRow row, BooleanSupplier closed) {
    Answer answer = answer(row);
    if (closed.getAsBoolean() && answer.kind() != Answer.Kind.DELIVERED) {
      // Perhaps we cut it ourselves: that is no failure of the receiver's.
      return;
    }
    switch (answer.kind()) {
      case DELIVERED -> {
        write(() -> stored.delivered(row, answer.status()), closed);
        observer.delivered(row.receiver());
      }
      case GONE -> dead(row, answer, "it answers 410: it never wants this again", closed);
      default -> failed(lane, row, answer, closed);
    }
    if (answer.kind() != Answer.Kind.AWAY && lane.answers()) {
      LOG.info("the callback receiver {} is back", row.receiver());
      // What was tried in vain meanwhile need not wait for its next turn.
      write(() -> stored.hurry(row.receiver()), closed);
    }
  }

  private Answer answer(CallbackRow row) {
    try {
      return receivers
          .address(row.receiver())
          .map(to -> courier.post(to, headers(row), row.body().getBytes(StandardCharsets.UTF_8)))
          .orElseGet(
              () -> Answer.away(
                  "the settings name no receiver \"" + row.receiver() + "\" (reelway.callbacks.url, or callbackUrl of the mixer's settings)"));
    } catch (InputFailure e) {
      return Answer.away("its address is not known: " + e.getMessage());
    }
  }

  private Map<String, String> headers(CallbackRow row) {
    long seconds = clock.instant().getEpochSecond();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("User-Agent", terms.userAgent());
    headers.put("webhook-id", row.id());
    headers.put("webhook-timestamp", String.valueOf(seconds));
    signer
        .sign(row.id(), seconds, row.body().getBytes(StandardCharsets.UTF_8))
        .ifPresent(signature -> headers.put("webhook-signature", signature));
    return headers;
  }

  private void failed(Lane lane, CallbackRow row, Answer answer, BooleanSupplier closed) {
    observer.failed(row.receiver());
    Instant now = clock.instant();
    Duration wished = wished(answer);
    Duration pause = terms.backoff().after(row.tries() + 1);
    Duration wait = wished != null && wished.compareTo(pause) > 0 ? wished : pause;
    if (answer.kind() == Answer.Kind.AWAY) {
      lane.away(wished);
    }
    if (lane.isNews(answer.problem())) {
      LOG.warn(
          "the callback {} ({}, {}) was not taken by {}: {}; it waits and is tried again (GET /callbacks)", row.id(),
          row.kind(), row.about(), row.receiver(), answer.problem());
    }
    boolean isOld = Duration.between(row.waitsSince(), now).compareTo(terms.giveUpAfter()) >= 0;
    if (isOld && row.tries() + 1 >= FEWEST_TRIES) {
      dead(row, answer, answer.problem(), closed);
    } else {
      write(() -> stored.failed(row, answer.status(), answer.problem(), now.plus(wait)), closed);
    }
  }

  private static Duration wished(Answer answer) {
    Duration wish = answer.retryAfter();
    return wish != null && wish.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wish;
  }

  private void dead(CallbackRow row, Answer answer, String problem, BooleanSupplier closed) {
    write(() -> stored.dead(row, answer.status(), problem), closed);
    observer.dead(row.receiver());
    LOG.error(
        "the callback {} ({}, {}) is given up: {}: {}; once that is mended, `reelway callbacks replay {}`", row.id(),
        row.kind(), row.about(), row.receiver(), problem, row.id());
  }

  /** Without it on disk the same would be sent again at once: it is tried until it is, and nothing else from here. */
  private static void write(Supplier<CompletableFuture<Void>> change, BooleanSupplier closed) {
    while (true) {
      try {
        change.get().join();
        return;
      } catch (CompletionException e) {
        if (closed.getAsBoolean() || !paused()) {
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

  @Override
  public void close() {
    courier.close();
  }
}
