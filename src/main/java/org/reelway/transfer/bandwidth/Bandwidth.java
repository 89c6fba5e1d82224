package org.reelway.transfer.bandwidth;

import java.time.Clock;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.reelway.settings.BandwidthPlan;
import org.reelway.transfer.bandwidth.GrantQueue.Ticket;

/**
 * The bytes a second that may go out, over all connections. Whoever sends asks for a slice, waits for it, sends it, and
 * asks again. Without a limit nothing waits and nothing is locked. Safe for use by many threads.
 */
public final class Bandwidth implements AutoCloseable {
  /** How late a change of hours may be noticed. */
  private static final long LOOK_AT_HOURS_EVERY = 1_000_000_000L;

  private final BandwidthPlan configured;
  private final Clock clock;
  private final LongSupplier nanos;
  private final LongAdder sent = new LongAdder();
  private final ReentrantLock lock = new ReentrantLock();
  private final GrantQueue queue = new GrantQueue();
  private final Map<Ticket, Condition> waiters = new HashMap<>();
  private volatile BandwidthPlan plan;
  /** No hour has a limit, or nothing is limited any more: not even the time need be looked at. */
  private volatile boolean off;
  private volatile long limit;
  private volatile long lookAgainAt;
  private boolean closed;

  /** @param clock with the time zone of the plan's hours */
  public Bandwidth(BandwidthPlan configured, Clock clock) {
    this(configured, clock, System::nanoTime);
  }

  Bandwidth(BandwidthPlan configured, Clock clock, LongSupplier nanos) {
    this.configured = configured;
    this.clock = clock;
    this.nanos = nanos;
    use(configured);
  }

  /** Without limit. */
  public static Bandwidth unlimited() {
    return new Bandwidth(BandwidthPlan.parse("0"), Clock.systemUTC());
  }

  /**
   * Waits until bytes may go out.
   *
   * @return how many, from 1 to the wanted; what is not sent of them is given back by {@link #giveBack}
   */
  public long acquire(long wanted, Priority priority) throws InterruptedException {
    long granted = isUnlimited() ? wanted : await(wanted, priority);
    sent.add(granted);
    return granted;
  }

  private boolean isUnlimited() {
    if (off) {
      return true;
    }
    if (nanos.getAsLong() - lookAgainAt < 0) {
      return limit == 0;
    }
    lock.lock();
    try {
      lookAtHours();
      return limit == 0;
    } finally {
      lock.unlock();
    }
  }

  private long await(long wanted, Priority priority) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (limit == 0) {
        return wanted;
      }
      Ticket ticket = queue.join(wanted, priority);
      waiters.put(ticket, lock.newCondition());
      try {
        return await(ticket, wanted);
      } finally {
        waiters.remove(ticket);
        queue.leave(ticket);
        wakeNext();
      }
    } finally {
      lock.unlock();
    }
  }

  private long await(Ticket ticket, long wanted) throws InterruptedException {
    Condition turn = waiters.get(ticket);
    while (true) {
      lookAtHours();
      if (limit == 0) {
        return wanted;
      }
      if (!queue.isNext(ticket)) {
        turn.await();
        continue;
      }
      long wait = queue.take(ticket, nanos.getAsLong());
      if (wait == 0) {
        return ticket.bytes();
      }
      turn.awaitNanos(Math.min(wait, LOOK_AT_HOURS_EVERY));
    }
  }

  private void wakeNext() {
    Ticket next = queue.next();
    if (next != null) {
      waiters.get(next).signal();
    }
  }

  private void lookAtHours() {
    long now = nanos.getAsLong();
    if (off || now - lookAgainAt < 0) {
      return;
    }
    lookAgainAt = now + LOOK_AT_HOURS_EVERY;
    long found = plan.limitAt(LocalDateTime.now(clock));
    if (found != limit) {
      limit = found;
      if (found > 0) {
        queue.rate(found, now);
      }
      wakeNext();
    }
  }

  /** Bytes that were granted and did not go out, such as when a connection broke. */
  public void giveBack(long bytes) {
    if (bytes <= 0) {
      return;
    }
    sent.add(-bytes);
    if (limit == 0) {
      return;
    }
    lock.lock();
    try {
      queue.giveBack(bytes);
    } finally {
      lock.unlock();
    }
  }

  /** From now on, until the next start, this plan is in force. */
  public void use(BandwidthPlan next) {
    lock.lock();
    try {
      plan = next;
      lookAgainAt = nanos.getAsLong();
      off = false;
      lookAtHours();
      off = next.isOff() || closed;
      wakeNext();
    } finally {
      lock.unlock();
    }
  }

  /** Back to what the settings say. */
  public void useConfigured() {
    use(configured);
  }

  /** What is in force. */
  public BandwidthPlan plan() {
    return plan;
  }

  /** What the settings say. */
  public BandwidthPlan configured() {
    return configured;
  }

  /** Whether somebody changed it since the start. */
  public boolean isChanged() {
    return plan != configured;
  }

  /** Bytes a second now; 0 for no limit. */
  public long limit() {
    return plan.limitAt(LocalDateTime.now(clock));
  }

  /** Bytes of bodies that went out, or are about to. */
  public long sent() {
    return sent.sum();
  }

  /** Nobody waits any more: what is cut off at the stop must not be held up by this. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      off = true;
      limit = 0;
      waiters.values().forEach(Condition::signal);
    } finally {
      lock.unlock();
    }
  }
}
