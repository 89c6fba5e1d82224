package org.reelway.transfer.store.http;

import java.time.Duration;
import org.reelway.transfer.store.http.TransportException.Kind;

/**
 * Finds a peer that moves bytes so slowly that it is as good as silent. Only time that was spent waiting for the peer
 * counts, so our own limit on what goes out is never held against it. Used by one thread.
 */
final class Pace {
  private static final long SECOND = 1_000_000_000L;

  private final Duration window;
  private final long minRate;
  private long waitedNanos;
  private long movedBytes;
  private long allWaitedNanos;

  /** @param minRate bytes a second; 0 to be content with a byte in each window */
  Pace(Duration window, long minRate) {
    this.window = window;
    this.minRate = minRate;
  }

  void moved(long bytes) {
    movedBytes += bytes;
  }

  void waited(long nanos) throws TransportException {
    waitedNanos += nanos;
    allWaitedNanos += nanos;
    if (waitedNanos < window.toNanos()) {
      return;
    }
    double needed = Math.max(1.0, (double) minRate * waitedNanos / SECOND);
    if (movedBytes < needed) {
      throw new TransportException(
          Kind.SLOW,
          "only " + movedBytes + " bytes moved in " + waitedNanos / 1_000_000 + " ms, less than " + minRate
              + " bytes a second");
    }
    waitedNanos = 0;
    movedBytes = 0;
  }

  /** All the time that was spent waiting for the peer. */
  Duration allWaited() {
    return Duration.ofNanos(allWaitedNanos);
  }
}
