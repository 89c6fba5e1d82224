package org.reelway.state;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.reelway.failure.OurFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the story behind the work's back, many changes to a commit, so that thousands of small recordings do not wait
 * for the disk twice each. A change that cannot be written is said once and given up: the story is not the truth.
 */
public final class StateWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StateWriter.class);
  private static final int MOST_IN_A_COMMIT = 500;

  private final Jdbi jdbi;
  private final BlockingQueue<Change> changes = new ArrayBlockingQueue<>(10_000);
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean failing;
  /** The writing thread's. */
  private Changes open;

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
    this.jdbi = jdbi;
    this.thread = new Thread(this::run, "state-writer");
    thread.setDaemon(true);
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

  private boolean add(Change change) {
    try {
      // Not put alone: a thread that is told to stop still has its last word.
      if (!closed && !changes.offer(change)) {
        changes.put(change);
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
          changes.drainTo(batch, MOST_IN_A_COMMIT - 1);
          commit(batch);
        }
      } catch (InterruptedException e) {
        closed = true;
      } finally {
        batch.clear();
      }
    }
    closeConnection();
  }

  private void commit(List<Change> batch) {
    try {
      inTransaction(changes -> batch.forEach(change -> change.work().accept(changes)));
      failing = false;
      batch.forEach(Change::written);
    } catch (RuntimeException | Error e) {
      // An error too: without this thread, everybody would wait in write one day.
      commitEach(batch);
    }
  }

  /** One that cannot be written must not take the others with it; still one commit, for the disk is slow. */
  private void commitEach(List<Change> batch) {
    List<Change> applied = new ArrayList<>();
    try {
      inTransaction(
          changes ->
              batch.forEach(
                  change -> {
                    if (apply(changes, change)) {
                      applied.add(change);
                    }
                  }));
      applied.forEach(Change::written);
    } catch (RuntimeException | Error e) {
      applied.forEach(change -> change.failed(e));
      failed(e);
    }
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

  private boolean apply(Changes changes, Change change) {
    Handle handle = changes.handle();
    handle.savepoint("change");
    try {
      change.work().accept(changes);
      handle.releaseSavepoint("change");
      failing = false;
      return true;
    } catch (RuntimeException | Error e) {
      handle.rollbackToSavepoint("change");
      change.failed(e);
      failed(e);
      return false;
    }
  }

  private void failed(Throwable failure) {
    say(failure);
    failing = true;
  }

  private void say(Throwable failure) {
    if (!failing) {
      LOG.error(
          "the history of recordings cannot be written (transfers go on without it; is the disk of"
              + " reelway.state.folder full?): {}",
          failure.toString());
    }
  }

  /** Whether changes are written, or tried to be. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  /** Whether the last commit failed. */
  public boolean isFailing() {
    return failing;
  }

  /** Writes what is waiting, then ends. */
  @Override
  public void close() {
    closed = true;
    // Ends the writer's wait for a change.
    changes.offer(new Change(handle -> {}, null));
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
