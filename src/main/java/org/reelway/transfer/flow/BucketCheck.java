package org.reelway.transfer.flow;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.DestinationFailure;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the bucket when the sidecar starts, so that a wrong name, region or key is told then and not with the first
 * recording; and again for health, until a first recording was tried. Always beside its caller: a store that does not
 * answer holds up neither the start nor a probe of health.
 */
public final class BucketCheck {
  private static final Logger LOG = LoggerFactory.getLogger(BucketCheck.class);
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final Store store;
  private final String bucket;
  private final CountDownLatch answered = new CountDownLatch(1);
  private volatile Answer last = new Answer(Optional.of("the store has not answered yet"), Optional.empty());
  private boolean asking;
  private long askedAt;

  /**
   * @param problem why nothing could be sent; empty where nothing is known against it
   * @param denied what a store says that does not show its bucket to keys that may only write
   */
  public record Answer(Optional<String> problem, Optional<String> denied) {
    private static final Answer THERE = new Answer(Optional.empty(), Optional.empty());
  }

  public BucketCheck(Store store, String bucket) {
    this.store = store;
    this.bucket = bucket;
  }

  /** Asks and says what is wrong; returns at once. */
  public void begin() {
    ask(() -> {
      Answer answer = answer();
      String though = ". Keys that may only write are refused like this too, and are enough";
      answer.denied().ifPresent(denied -> LOG.warn("the bucket is not as it should be: {}{}", denied, though));
      answer
          .problem()
          .ifPresent(
              problem ->
                  LOG.warn(
                      "the bucket is not as it should be: {}; recordings stay where they are until it takes them",
                      problem));
      return answer;
    });
  }

  /**
   * What the store said last, seconds ago at most while it answers; it is asked again beside this call.
   *
   * @param patience for the first answer
   */
  public Answer last(Duration patience) {
    ask(this::answer);
    try {
      answered.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return last;
  }

  private interface Question {
    Answer ask();
  }

  private synchronized void ask(Question question) {
    if (asking || askedAt != 0 && System.nanoTime() - askedAt < FRESH.toNanos()) {
      return;
    }
    asking = true;
    DaemonThreads.of("bucket-check", () -> keep(question)).start();
  }

  private void keep(Question question) {
    try {
      last = question.ask();
      answered.countDown();
    } catch (Stopped e) {
      LOG.debug("{}", e.toString());
    } finally {
      synchronized (this) {
        asking = false;
        askedAt = System.nanoTime();
      }
    }
  }

  private Answer answer() {
    try {
      store.headBucket(bucket);
      return Answer.THERE;
    } catch (StoreFailure e) {
      if (e.isCode("Interrupted")) {
        throw new Stopped();
      }
      return e.status() == 403
          ? new Answer(Optional.empty(), Optional.of(e.getMessage()))
          : new Answer(Optional.of(e.getMessage()), Optional.empty());
    } catch (DestinationFailure noCredentials) {
      return new Answer(Optional.of(noCredentials.getMessage()), Optional.empty());
    }
  }

  /** The program ends: nothing was learnt. */
  private static final class Stopped extends RuntimeException {}
}
