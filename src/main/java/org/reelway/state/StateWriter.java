package org.reelway.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.Failure;
import org.reelway.failure.OurFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the story behind the work's back, many changes to a commit, so that thousands of small recordings do not wait
 * for the disk twice each. A change that cannot be written is given up, which is said once: the story is not the truth. Those
 * that nobody waits for are kept for a database server that comes back; where it went in the middle of a commit, some may be
 * written twice.
 */
public final class StateWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StateWriter.class);
  private static final int MOST_IN_A_COMMIT = 500;
  private static final long TRIAL_AFTER_NANOS = TimeUnit.SECONDS.toNanos(20);
  /** What nobody waits for gathers so long: a commit costs the disk as much as the changes of a hundred recordings. */
  private static final Duration GATHERING = Duration.ofMillis(50);

  private static final Duration LONGEST_WRITE = Duration.ofSeconds(30);
  /** Changes of a thousand recordings. */
  private static final int MOST_HELD = 10_000;
  private static final long HELD_FOR_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Jdbi jdbi;
  private final Duration gathering;
  private final BlockingQueue<Change> changes = new ArrayBlockingQueue<>(10_000);
  /** Given by those who do not let the writer gather. */
  private final Semaphore urgent = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;
  private volatile String trouble = "";
  /** The writing thread's. */
  private Changes open;
  /** The writing thread's: what waits for a server to come back, and how much more there was. */
  private final List<Change> held = new ArrayList<>();
  private long dropped;
  private boolean wasGone;
  /** When a commit failed last. */
  private volatile long failedNanos;

  /** @param done completed once it is on disk, or cannot be written; null where nobody waits */
  private record Change(Consumer<Changes> work, CompletableFuture<Void> done) {
    private void written() {
      if (done != null) {
        done.complete(null);
      }
    }

    private void failed(Throwable failure) {
      if (done != null) {
        done.completeExceptionally(failure);
      }
    }
  }

  public StateWriter(Jdbi jdbi) {
    this(jdbi, GATHERING);
  }

  StateWriter(Jdbi jdbi, Duration gathering) {
    this.jdbi = jdbi;
    this.gathering = gathering;
    this.thread = DaemonThreads.of("state-writer", this::run);
    thread.start();
  }

  /** Waits only when thousands of changes are waiting already. */
  void write(Consumer<Changes> change) {
    add(new Change(change, null));
  }

  /**
   * As {@link #write}, for what must be on disk before anybody is told so.
   *
   * @return completed, in the order of the calls and by the writing thread, when it is on disk, or with the failure
   */
  CompletableFuture<Void> writeDurably(Consumer<Changes> change) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (!add(new Change(change, done))) {
      done.completeExceptionally(new OurFailure("the state is being closed", null));
    }
    return done;
  }

  /**
   * The same, and waits for it.
   *
   * @param what is written, for people
   * @throws OurFailure it is not on disk
   * @throws RuntimeException the database is away, see {@link StateDatabase#isAway}
   */
  void writeNow(String what, Consumer<Changes> change) {
    try {
      writeDurably(change).get(LONGEST_WRITE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failed && StateDatabase.isAway(failed)) {
        throw failed;
      }
      throw notWritten(what, e.getCause());
    } catch (TimeoutException e) {
      throw notWritten(what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notWritten(what, e);
    }
  }

  private static OurFailure notWritten(String what, Throwable why) {
    return new OurFailure(what + " cannot be written to the state: " + why, why);
  }

  private boolean add(Change change) {
    try {
      // Not put alone: a thread that is told to stop still has its last word.
      if (!closed && !changes.offer(change)) {
        changes.put(change);
      }
      if (change.done() != null) {
        urgent.release();
      }
      return !closed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void run() {
    List<Change> batch = new ArrayList<>();
    while (!closed || !changes.isEmpty()) {
      try {
        Change first = changes.poll(200, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          gather();
          changes.drainTo(batch, MOST_IN_A_COMMIT - 1);
          commit(batch);
        } else if (isFailing() && isSettled()) {
          tryToWrite();
        }
      } catch (InterruptedException e) {
        closed = true;
      } finally {
        batch.clear();
      }
    }
    if (!held.isEmpty()) {
      commit(batch);
    }
    closeConnection();
  }

  private void gather() {
    try {
      if (!closed && changes.size() < MOST_IN_A_COMMIT) {
        urgent.tryAcquire(gathering.toNanos(), TimeUnit.NANOSECONDS);
      }
      urgent.drainPermits();
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  private void commit(List<Change> latest) {
    List<Change> batch = new ArrayList<>(held);
    batch.addAll(latest);
    held.clear();
    try {
      inTransaction(changes -> batch.forEach(change -> change.work().accept(changes)));
      succeeded();
      batch.forEach(Change::written);
    } catch (RuntimeException | Error e) {
      // An error too: without this thread, everybody would wait in write one day.
      commitEach(batch);
    }
  }

  /** One that cannot be written must not take the others with it; still one commit, for the disk is slow. */
  private void commitEach(List<Change> batch) {
    List<Change> applied = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    try {
      inTransaction(
          changes ->
              batch.forEach(
                  change -> {
                    if (apply(changes, change, failures)) {
                      applied.add(change);
                    }
                  }));
      failures.stream().filter(StateDatabase::isAway).findFirst().ifPresentOrElse(this::failed, this::succeeded);
      failures.stream().filter(failure -> !StateDatabase.isAway(failure)).findFirst().ifPresent(StateWriter::say);
      applied.forEach(Change::written);
    } catch (RuntimeException | Error e) {
      // Of all, for nothing may have been tried; who was told already is not told again.
      batch.forEach(change -> change.failed(e));
      if (StateDatabase.isGone(e)) {
        hold(batch);
      }
      failed(e);
    }
  }

  private void hold(List<Change> batch) {
    List<Change> unawaited = batch.stream().filter(change -> change.done() == null).toList();
    int room = Math.min(unawaited.size(), MOST_HELD - held.size());
    held.addAll(unawaited.subList(0, room));
    dropped += unawaited.size() - room;
  }

  /**
   * The connection stays open: SQLite writes the whole log back when the last one is closed. After a failure it is a new
   * one, for the file may be another by then.
   */
  private void inTransaction(Consumer<Changes> work) {
    try {
      if (open == null) {
        open = new Changes(jdbi.open());
      }
      open.handle().useTransaction(handle -> work.accept(open));
    } catch (RuntimeException | Error e) {
      closeConnection();
      throw e;
    }
  }

  private void closeConnection() {
    if (open != null) {
      try {
        open.close();
      } catch (RuntimeException e) {
        LOG.debug("{}", e.toString());
      }
      open = null;
    }
  }

  private static boolean apply(Changes changes, Change change, List<Throwable> failures) {
    Handle handle = changes.handle();
    handle.savepoint("change");
    try {
      change.work().accept(changes);
      handle.releaseSavepoint("change");
      return true;
    } catch (RuntimeException | Error e) {
      if (StateDatabase.isGone(e)) {
        // Nothing is wrong with this one: all of them are as good a moment later.
        throw e;
      }
      handle.rollbackToSavepoint("change");
      change.failed(e);
      failures.add(e);
      return false;
    }
  }

  /** Changes nothing, for nobody may have anything to write when there is room again. */
  private void tryToWrite() {
    if (!held.isEmpty()) {
      commit(List.of());
      return;
    }
    try {
      inTransaction(changes -> changes.handle().execute("UPDATE schema_step SET at = at"));
      succeeded();
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  private void failed(Throwable failure) {
    // What is wrong with one change says nothing of the next; a server that is back is back.
    long since = StateDatabase.isGone(failure) ? TRIAL_AFTER_NANOS - HELD_FOR_NANOS
        : StateDatabase.isAway(failure) ? 0 : TRIAL_AFTER_NANOS + 1;
    failedNanos = System.nanoTime() - since;
    if (trouble.isEmpty()) {
      say(failure);
    }
    trouble = Failure.rootOf(failure);
    wasGone = StateDatabase.isGone(failure);
  }

  private static void say(Throwable failure) {
    LOG.error(
        "the history of recordings cannot be written (transfers go on without it; {}): {}",
        StateDatabase.isGone(failure) ? "it is kept for the database's return" : StateDatabase.remedy(failure),
        Failure.rootOf(failure));
  }

  private void succeeded() {
    if (isFailing() && isSettled()) {
      boolean isWhole = wasGone && dropped == 0;
      LOG.info("the history of recordings is written again{}", isWhole ? "" : "; what it missed meanwhile stays missing");
      trouble = "";
      dropped = 0;
    }
  }

  /** On a full disk some commits succeed all the same, between others that fail. */
  private boolean isSettled() {
    return System.nanoTime() - failedNanos > TRIAL_AFTER_NANOS;
  }

  /** Whether changes are written, or tried to be. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  /** Whether a commit failed, and none was good some seconds later. */
  public boolean isFailing() {
    return !trouble.isEmpty();
  }

  /** What it is failing with; empty where it is not. */
  public String trouble() {
    return trouble;
  }

  /** Writes what is waiting, then ends. */
  @Override
  public void close() {
    closed = true;
    // Ends the writer's wait for a change.
    changes.offer(new Change(handle -> {}, null));
    urgent.release();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
