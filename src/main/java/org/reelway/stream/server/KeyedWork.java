package org.reelway.stream.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.reelway.failure.DaemonThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work of one key is done in its order, one after the other; that of several keys at the same time. */
final class KeyedWork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyedWork.class);

  private final ScheduledThreadPoolExecutor threads;
  private final Map<Object, Queue<Step>> waiting = new HashMap<>();
  /** What is begun once everybody is there; null from then on. */
  private List<Runnable> held = new ArrayList<>();
  /** What came while all were to rest; null while nobody has asked for that. */
  private List<Runnable> parked;
  private int running;

  /** A piece of work. */
  @FunctionalInterface
  interface Step {
    /** @return after which time it is to be tried again, before any other of its key; null when it is done */
    Duration run();
  }

  KeyedWork(int atOnce) {
    this.threads = new ScheduledThreadPoolExecutor(atOnce, DaemonThreads.numbered("server-event"));
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  void add(Object key, Step step) {
    synchronized (waiting) {
      Queue<Step> queue = waiting.get(key);
      if (queue != null) {
        queue.add(step);
        return;
      }
      waiting.put(key, new ArrayDeque<>());
      if (held != null) {
        held.add(() -> schedule(key, step, Duration.ZERO));
        return;
      }
    }
    schedule(key, step, Duration.ZERO);
  }

  /** Begins with what was added before, and from now on at once. */
  void start() {
    synchronized (waiting) {
      if (held != null) {
        held.forEach(Runnable::run);
        held = null;
      }
    }
  }

  private void schedule(Object key, Step step, Duration after) {
    try {
      threads.schedule(() -> work(key, step), after.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopping) {
      LOG.debug("no more events are acted on");
    }
  }

  /**
   * Nothing is begun from now on.
   *
   * @return whether what was under way has ended within the time
   */
  boolean rest(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    synchronized (waiting) {
      parked = parked == null ? new ArrayList<>() : parked;
      for (long left = patience.toMillis(); running > 0 && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
        waiting.wait(left);
      }
      return running == 0;
    }
  }

  /** Goes on after a rest. */
  void goOn() {
    List<Runnable> left;
    synchronized (waiting) {
      left = parked == null ? List.of() : parked;
      parked = null;
    }
    left.forEach(Runnable::run);
  }

  private boolean mayRun(Object key, Step step) {
    synchronized (waiting) {
      if (parked != null) {
        parked.add(() -> schedule(key, step, Duration.ZERO));
        return false;
      }
      running++;
      return true;
    }
  }

  private void ran() {
    synchronized (waiting) {
      running--;
      waiting.notifyAll();
    }
  }

  private void work(Object key, Step step) {
    if (!mayRun(key, step)) {
      return;
    }
    Duration again = null;
    try {
      again = step.run();
    } catch (RuntimeException | Error e) {
      LOG.error("an event was not acted on: {}", e.toString(), e);
    } finally {
      ran();
    }
    if (again != null) {
      schedule(key, step, again);
      return;
    }
    Step next;
    synchronized (waiting) {
      next = waiting.get(key).poll();
      if (next == null) {
        waiting.remove(key);
      }
    }
    if (next != null) {
      schedule(key, next, Duration.ZERO);
    }
  }

  int keys() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  /** Ends what is under way, and begins nothing more. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
