package org.reelway.camel.reload;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.reelway.transfer.Transfers;

/** Has the recordings of all routes come to rest, between two of their parts, and go on where they were. */
public final class RecordingsRest {
  /** Those that are interrupted see it at their next step. */
  private static final Duration INTERRUPTED = Duration.ofSeconds(10);

  private final Collection<Transfers> transfers;
  /** Who handles a recording now, and whether he was interrupted for a rest. */
  private final Map<Thread, Boolean> atWork = new HashMap<>();
  private boolean wanted;

  /** @param transfers into each store */
  public RecordingsRest(Collection<Transfers> transfers) {
    this.transfers = transfers;
  }

  /** Waits while there is a rest; then a recording is in this thread's hand. */
  public synchronized void enter() throws InterruptedException {
    while (wanted) {
      wait();
    }
    atWork.put(Thread.currentThread(), false);
  }

  /** The thread has no recording in hand any more. */
  public synchronized void leave() {
    if (atWork.remove(Thread.currentThread())) {
      // It was meant for the recording, not for the next one.
      Thread.interrupted();
    }
    notifyAll();
  }

  /**
   * From now on nobody takes a recording. Parts under way are finished; what takes longer is interrupted, as at a stop, and its
   * parts are sent again.
   *
   * @return whether all rest
   */
  boolean begin(Duration patience) throws InterruptedException {
    synchronized (this) {
      wanted = true;
    }
    transfers.forEach(each -> each.rest(true));
    if (allRest(patience)) {
      return true;
    }
    interrupt();
    return allRest(INTERRUPTED);
  }

  private synchronized boolean allRest(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    for (long left = patience.toMillis(); !atWork.isEmpty() && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
      wait(left);
    }
    return atWork.isEmpty();
  }

  private synchronized void interrupt() {
    atWork.replaceAll((thread, before) -> {
      thread.interrupt();
      return true;
    });
  }

  void end() {
    transfers.forEach(each -> each.rest(false));
    synchronized (this) {
      wanted = false;
      notifyAll();
    }
  }
}
