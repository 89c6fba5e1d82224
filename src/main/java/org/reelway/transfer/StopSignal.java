package org.reelway.transfer;

import java.time.Duration;

/** Says to all who wait that nothing more is to be begun: for good, or until a rest is over. */
final class StopSignal {
  private boolean given;
  private boolean resting;

  synchronized void give() {
    given = true;
    notifyAll();
  }

  /** @param now whether nothing is to be begun until this is called with false */
  synchronized void rest(boolean now) {
    resting = now;
    notifyAll();
  }

  /** @throws TransferStopped once it was given: what is under way is finished, nothing is begun */
  synchronized void check() {
    if (given || resting) {
      throw new TransferStopped(null);
    }
  }

  /** @throws TransferStopped as soon as it is given, or the thread is interrupted */
  synchronized void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    try {
      for (long left = time.toMillis(); left > 0; left = (end - System.nanoTime()) / 1_000_000) {
        check();
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransferStopped(e);
    }
    check();
  }
}
