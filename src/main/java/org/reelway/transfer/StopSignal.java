package org.reelway.transfer;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says once, to all who wait, that nothing more is to be begun. */
final class StopSignal {
  private final CountDownLatch given = new CountDownLatch(1);

  void give() {
    given.countDown();
  }

  /** @throws TransferStopped once it was given: what is under way is finished, nothing is begun */
  void check() {
    if (given.getCount() == 0) {
      throw new TransferStopped(null);
    }
  }

  /** @throws TransferStopped as soon as it is given, or the thread is interrupted */
  void pause(Duration time) {
    try {
      if (given.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TransferStopped(null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransferStopped(e);
    }
  }
}
