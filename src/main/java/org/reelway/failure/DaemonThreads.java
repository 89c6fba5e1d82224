package org.reelway.failure;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that keep no process from ending, under names that logs show. */
public final class DaemonThreads {
  private DaemonThreads() {}

  /** One that is not started yet. */
  public static Thread of(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** All of one name. */
  public static ThreadFactory named(String name) {
    return work -> of(name, work);
  }

  /** {@code name-1}, {@code name-2} and so on. */
  public static ThreadFactory numbered(String name) {
    AtomicInteger number = new AtomicInteger();
    return work -> of(name + "-" + number.incrementAndGet(), work);
  }
}
