package org.reelway.transfer;

import java.util.function.Supplier;
import org.reelway.failure.FailureClass;
import org.reelway.transfer.store.StoreFailure;

/** Repeats a store call that failed for a passing reason, a few times; what lasts longer is for the recording's own retry. */
final class Attempts {
  private final int most;
  private final Backoff backoff;
  private final StopSignal stop;

  Attempts(int most, Backoff backoff, StopSignal stop) {
    this.most = most;
    this.backoff = backoff;
    this.stop = stop;
  }

  /** @throws TransferStopped when Reelway stops, or the thread is interrupted, between tries */
  <T> T call(TransferProgress progress, TransferObserver observer, Supplier<T> request) {
    for (int failures = 1; ; failures++) {
      try {
        return request.get();
      } catch (StoreFailure e) {
        if (Thread.currentThread().isInterrupted()) {
          throw new TransferStopped(e);
        }
        if (!e.isTransient() || failures >= most) {
          throw e;
        }
        progress.retried(e.getMessage());
        observer.retried(progress, FailureClass.DESTINATION, e.getMessage());
        stop.pause(backoff.after(failures));
      }
    }
  }
}
