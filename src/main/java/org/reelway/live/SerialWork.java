package org.reelway.live;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Work that is done again whenever somebody asks for it, never twice at a time, and once for many who ask meanwhile. */
final class SerialWork {
  private final Executor executor;
  private final Runnable work;
  private boolean running;
  private boolean again;

  SerialWork(Executor executor, Runnable work) {
    this.executor = executor;
    this.work = work;
  }

  void ask() {
    synchronized (this) {
      again = true;
      if (running) {
        return;
      }
      running = true;
    }
    submit();
  }

  private void submit() {
    try {
      executor.execute(this::round);
    } catch (RejectedExecutionException stopping) {
      ended();
    }
  }

  private synchronized void ended() {
    running = false;
    notifyAll();
  }

  /**
   * Returns when nothing is done and nobody asks, or when the time is over.
   *
   * @param end by {@link System#nanoTime}
   */
  synchronized void awaitIdle(long end) throws InterruptedException {
    for (long left = end - System.nanoTime(); running && left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
    }
  }

  private void round() {
    synchronized (this) {
      again = false;
    }
    try {
      work.run();
    } finally {
      boolean more;
      synchronized (this) {
        more = again;
        if (!more) {
          ended();
        }
      }
      if (more) {
        // Behind the others, who wait for the same threads.
        submit();
      }
    }
  }
}
