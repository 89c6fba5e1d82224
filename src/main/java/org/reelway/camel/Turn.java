package org.reelway.camel;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/** A permit of a semaphore that an exchange holds until it is given back, or the exchange is done. */
final class Turn extends SynchronizationAdapter {
  private final Semaphore turns;
  private final AtomicBoolean over = new AtomicBoolean();

  /** @param turns of which it has one */
  Turn(Semaphore turns) {
    this.turns = turns;
  }

  void close() {
    if (over.compareAndSet(false, true)) {
      turns.release();
    }
  }

  @Override
  public void onDone(Exchange exchange) {
    close();
  }
}
