package org.reelway.stream.supervise;

/** What went to one group's target since the start. Safe for several threads. */
public final class Totals {
  private long bytes;
  private long restarts;

  synchronized void add(long moreBytes, long moreRestarts) {
    bytes += moreBytes;
    restarts += moreRestarts;
  }

  public synchronized long bytes() {
    return bytes;
  }

  /** Runs that were begun anew. */
  public synchronized long restarts() {
    return restarts;
  }
}
