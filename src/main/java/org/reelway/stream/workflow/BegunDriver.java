package org.reelway.stream.workflow;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reelway.failure.Busy;
import org.reelway.failure.Failure;
import org.reelway.failure.OurFailure;
import org.reelway.stream.workflow.StreamDriver.RunningCost;
import org.reelway.stream.workflow.WantedStream.Wanted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver, which is made once there is a stream: without any, the live workflow costs nothing. */
final class BegunDriver {
  private static final Logger LOG = LoggerFactory.getLogger(BegunDriver.class);
  private static final long FIRST_LOOK_SECONDS = 60;
  private static final long LOOK_SECONDS = 300;
  /** Of a call, which holds one of the API's few threads meanwhile. */
  private static final long LONGEST_WAIT_SECONDS = 1;

  private final Supplier<StreamDriver> making;
  private final Consumer<String> wake;
  private final Function<String, Optional<Wanted>> wanted;
  private final ScheduledThreadPoolExecutor threads;
  private final ReentrantLock looking = new ReentrantLock();
  private StreamDriver driver;
  private boolean isClosed;
  private boolean isWatched;
  private volatile boolean isToldUnknown;
  /** As they were looked at last. */
  private volatile List<RunningCost> costs = List.of();

  /** @param wanted of a stream that is known, by its id */
  BegunDriver(
      Supplier<StreamDriver> making, Consumer<String> wake, Function<String, Optional<Wanted>> wanted,
      ScheduledThreadPoolExecutor threads) {
    this.making = making;
    this.wake = wake;
    this.wanted = wanted;
    this.threads = threads;
  }

  synchronized StreamDriver get() {
    if (isClosed) {
      throw new OurFailure("Reelway ends; what is wanted of streams goes on after the next start");
    }
    if (driver == null) {
      StreamDriver made = making.get();
      try {
        made.begin(wake);
      } catch (RuntimeException e) {
        made.close();
        throw e;
      }
      driver = made;
      watchCosts(FIRST_LOOK_SECONDS);
    }
    return driver;
  }

  /** @throws Busy another call has looked for them for a while */
  List<RunningCost> costs() {
    boolean isTurn = false;
    try {
      isTurn = looking.tryLock(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
      if (!isTurn) {
        throw new Busy("what runs is being looked for by another call; ask again later");
      }
      costs = List.copyOf(get().costs(wanted));
      return costs;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Busy("stopped while another call looked for what runs");
    } finally {
      if (isTurn) {
        looking.unlock();
      }
    }
  }

  /** Runs, and nobody wants it. */
  List<RunningCost> leftRunning() {
    return costs.stream().filter(cost -> !cost.isWanted()).toList();
  }

  /** Also without any stream: what is left running costs money. */
  void watchCosts() {
    watchCosts(0);
  }

  private synchronized void watchCosts(long firstSeconds) {
    if (!isWatched) {
      isWatched = true;
      threads.scheduleWithFixedDelay(this::lookAtCosts, firstSeconds, LOOK_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void lookAtCosts() {
    try {
      costs();
      isToldUnknown = false;
    } catch (RuntimeException | Error e) {
      if (!isToldUnknown) {
        LOG.warn("what is left running for streams is not known ({}): {}; it is looked for again", Failure.classOf(e).word(),
            Failure.in(e).map(Throwable::getMessage).orElseGet(() -> Failure.rootOf(e)));
      }
      isToldUnknown = true;
    }
  }

  /** Nothing of it runs here any more. */
  void close() {
    Optional<StreamDriver> last;
    synchronized (this) {
      isClosed = true;
      last = Optional.ofNullable(driver);
      driver = null;
    }
    last.ifPresent(StreamDriver::close);
  }
}
