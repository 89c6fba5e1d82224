package org.reelway.conference.farm;

import org.reelway.failure.NotNow;

/** This sidecar stops: the order goes back into the queue. */
final class WorkerEnds extends NotNow {
  private static final long serialVersionUID = 1L;

  WorkerEnds() {
    super("this worker ends; the mix goes back into the queue", null);
  }
}
