package org.reelway.callback;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.Failure;
import org.reelway.failure.LogSubject;
import org.reelway.state.CallbackRow;
import org.reelway.state.Leases;
import org.reelway.state.Leases.Lease;
import org.reelway.state.StoredCallbacks;
import org.reelway.transfer.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out what is due to whoever carries it, on a few threads, of receivers that this node has ({@link OwnedReceivers}). The queue is
 * the database: thousands that wait cost no memory, and nothing is read at the start but the names of their receivers.
 */
public final class Deliveries implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
  /** Over all receivers; each has a share of its own, see {@link Lane}. */
  private static final int MOST = 32;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);
  private static final Backoff AGAIN = new Backoff(AFTER_TROUBLE, AFTER_TROUBLE);
  private static final long LOOK_MILLIS = 20;
  private static final Duration LAST_WORD = Duration.ofSeconds(2);

  private final StoredCallbacks stored;
  private final OwnedReceivers owned;
  private final Delivery.Books books;
  private final Clock clock;
  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
  private final AtomicInteger running = new AtomicInteger();
  private final ExecutorService workers =
      new ThreadPoolExecutor(0, MOST, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), Deliveries::thread);
  private final Thread dispatcher = new Thread(this::run, "callbacks");
  private boolean wanted;
  /** Null while nobody does. */
  private volatile Consumer<Delivery> carrier;
  private volatile boolean closed;
  private volatile boolean failing;

  public Deliveries(StoredCallbacks stored, Leases leases, DeliveryObserver observer, Clock clock) {
    this.stored = stored;
    this.owned = new OwnedReceivers(stored, leases, clock);
    this.books = new Delivery.Books(stored, owned, observer, clock, () -> closed || carrier == null);
    this.clock = clock;
    dispatcher.setDaemon(true);
  }

  private static Thread thread(Runnable work) {
    return DaemonThreads.of("callback", work);
  }

  /** Begins with what waited before the start. */
  public void begin() {
    dispatcher.start();
  }

  /**
   * From now on this one is handed what is due, on several threads at once. What it leaves unsettled comes again.
   *
   * @param next null for nobody: all wait
   */
  public void carryBy(Consumer<Delivery> next) {
    carrier = next;
    wake();
  }

  public boolean isCarried() {
    return carrier != null;
  }

  /** Hands nothing out any more. @return whether all that was under way has ended, within a moment */
  public boolean rest() {
    carryBy(null);
    long end = System.nanoTime() + LAST_WORD.toNanos();
    while (underWay() > 0 && System.nanoTime() < end && pausedBriefly()) {
      // What is under way has a moment to end.
    }
    return underWay() == 0;
  }

  int underWay() {
    return running.get();
  }

  private static boolean pausedBriefly() {
    try {
      Thread.sleep(LOOK_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Something new waits for the receiver. */
  void look(String receiver) {
    lane(receiver).touch();
    wake();
  }

  /** Something may wait for anybody, or the clock was set. */
  public void lookAll() {
    lanes.values().forEach(Lane::touch);
    wake();
  }

  /** Also where the receiver was away a moment ago. */
  void tryNow(String receiver) {
    lane(receiver).tryNow();
    wake();
  }

  /** Receivers that took nothing at the last try. */
  public List<String> away() {
    return lanes.values().stream().filter(Lane::isAway).map(Lane::receiver).sorted().toList();
  }

  /** To how many receivers this node delivers now. */
  public int owned() {
    return owned.count();
  }

  private Lane lane(String receiver) {
    return lanes.computeIfAbsent(receiver, name -> new Lane(name, stored, clock));
  }

  private synchronized void wake() {
    wanted = true;
    notifyAll();
  }

  private void run() {
    while (!closed) {
      Duration wait;
      try {
        wait = start();
        failing = false;
      } catch (RuntimeException | Error e) {
        // This thread is the only one that hands them out.
        if (!failing) {
          LOG.error("callbacks wait, for the state cannot be used: {}", Failure.rootOf(e));
        }
        failing = true;
        wait = AFTER_TROUBLE;
        // What was seen and not begun is seen again.
        lanes.values().forEach(Lane::touch);
      }
      rest(wait);
    }
  }

  /** @return how long there is nothing to do, unless something happens */
  private Duration start() {
    Consumer<Delivery> to = carrier;
    if (to == null) {
      owned.release(this::isBusy);
      return LONGEST_WAIT;
    }
    if (owned.isLookDue()) {
      owned.look().forEach(this::heed);
    }
    owned.renew(this::isBusy);
    List<Lane> turn = new ArrayList<>(lanes.values());
    // Whoever came last last time may be the first now.
    Collections.shuffle(turn);
    Duration wait = LONGEST_WAIT;
    for (Lane lane : turn) {
      if (stored.isShared() && !owned.has(lane.receiver())) {
        lane.forget();
      }
      if (owned.mayHave(lane.receiver())) {
        handDue(to, lane);
        Duration next = lane.next().map(at -> Duration.between(clock.instant(), at)).orElse(LONGEST_WAIT);
        wait = next.compareTo(wait) < 0 ? next : wait;
      }
    }
    Duration untilOwned = owned.rest(LONGEST_WAIT);
    return untilOwned.compareTo(wait) < 0 ? untilOwned : wait;
  }

  private boolean isBusy(String receiver) {
    return lane(receiver).isBusy();
  }

  /** @param asked whether somebody asked another node to try now */
  private void heed(StoredCallbacks.Standing standing, boolean asked) {
    if (standing.waits()) {
      Lane lane = lane(standing.receiver());
      Optional.ofNullable(standing.due()).ifPresent(lane::isDueAt);
      if (asked) {
        lane.tryNow();
      }
    }
  }

  private void handDue(Consumer<Delivery> to, Lane lane) {
    if (!lane.isWorthALook()) {
      return;
    }
    List<CallbackRow> due = lane.due(MOST - running.get());
    if (!due.isEmpty()) {
      owned.lease(lane.receiver()).ifPresent(lease -> due.forEach(row -> hand(to, lane, row, lease)));
    }
  }

  private void hand(Consumer<Delivery> to, Lane lane, CallbackRow row, Lease lease) {
    running.incrementAndGet();
    lane.begin(row);
    try {
      workers.execute(() -> work(to, lane, row, lease));
    } catch (RuntimeException closing) {
      running.decrementAndGet();
      lane.done(row.id());
    }
  }

  private void work(Consumer<Delivery> to, Lane lane, CallbackRow row, Lease lease) {
    Delivery delivery = new Delivery(books, lane, row, lease);
    try {
      LogSubject.of(LogSubject.CALLBACK, row.id()).and(LogSubject.RECORDING, RecordingCallbacks.recording(row).orElse(null))
          .during(() -> carry(to, delivery));
    } finally {
      if (!delivery.isSettled()) {
        lane.away(AFTER_TROUBLE, AGAIN);
      }
      running.decrementAndGet();
      lane.done(row.id());
      wake();
    }
  }

  private static void carry(Consumer<Delivery> to, Delivery delivery) {
    try {
      to.accept(delivery);
    } catch (RuntimeException e) {
      LOG.error("the callback {} could not be tried: {}", delivery.callback().id(), e.toString(), e);
    }
  }

  private synchronized void rest(Duration longest) {
    try {
      if (!wanted && !closed) {
        wait(Math.max(1, longest.toMillis()));
      }
      wanted = false;
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  /** What is under way has a moment to end; the rest waits for the next start, or for another node. */
  @Override
  public void close() {
    closed = true;
    wake();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(LAST_WORD.toMillis(), TimeUnit.MILLISECONDS)) {
        workers.shutdownNow();
      }
      dispatcher.join(LAST_WORD.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    leave();
  }

  private void leave() {
    try {
      owned.release(receiver -> false);
    } catch (RuntimeException e) {
      LOG.debug("other sidecars have the receivers when the leases run out: {}", Failure.rootOf(e));
    }
  }
}
