package org.reelway.conference.farm;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.reelway.failure.InputFailure;
import org.reelway.state.StateDatabase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries a step until it can be done or this sidecar stops: while the database or the store is away, or the disk is full. */
final class Patience {
  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final long FIRST_MILLIS = 1000;
  private static final long LONGEST_MILLIS = 30_000;

  private final CountDownLatch stopping = new CountDownLatch(1);

  /**
   * @throws InputFailure the step's, which is not tried again
   * @throws WorkerEnds this sidecar stops
   */
  <T> T until(Supplier<T> step) {
    String said = null;
    for (long pause = 0; !isStopping(pause); pause = Math.min(Math.max(FIRST_MILLIS, 2 * pause), LONGEST_MILLIS)) {
      try {
        return step.get();
      } catch (InputFailure e) {
        throw e;
      } catch (RuntimeException e) {
        String why = StateDatabase.isAway(e) ? StateDatabase.told(e) : String.valueOf(e.getMessage());
        if (!why.equals(said)) {
          LOG.warn("a mix of the farm waits: {}", why);
        }
        said = why;
      }
    }
    throw new WorkerEnds();
  }

  private boolean isStopping(long pause) {
    try {
      return stopping.await(pause, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WorkerEnds();
    }
  }

  void stop() {
    stopping.countDown();
  }
}
