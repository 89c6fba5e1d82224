package org.reelway.live;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

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
      synchronized (this) {
        running = false;
      }
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
        running = more;
      }
      if (more) {
        // Behind the others, who wait for the same threads.
        submit();
      }
    }
  }
}
