package org.reelway.state;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
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
  private final BlockingQueue<Consumer<Changes>> changes = new ArrayBlockingQueue<>(10_000);
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean failing;
  /** The writing thread's. */
  private Changes open;

  public StateWriter(Jdbi jdbi) {
    this.jdbi = jdbi;
    this.thread = new Thread(this::run, "state-writer");
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits only when thousands of changes are waiting already. */
  void write(Consumer<Changes> change) {
    try {
      // Not put alone: a thread that is told to stop still has its last word.
      if (!closed && !changes.offer(change)) {
        changes.put(change);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<Consumer<Changes>> batch = new ArrayList<>();
    while (!closed || !changes.isEmpty()) {
      try {
        Consumer<Changes> first = changes.poll(200, TimeUnit.MILLISECONDS);
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

  private void commit(List<Consumer<Changes>> batch) {
    try {
      inTransaction(changes -> batch.forEach(change -> change.accept(changes)));
      failing = false;
    } catch (RuntimeException | Error e) {
      // An error too: without this thread, everybody would wait in write one day.
      commitEach(batch);
    }
  }

  /** One that cannot be written must not take the others with it; still one commit, for the disk is slow. */
  private void commitEach(List<Consumer<Changes>> batch) {
    try {
      inTransaction(changes -> batch.forEach(change -> apply(changes, change)));
    } catch (RuntimeException | Error e) {
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

  private void apply(Changes changes, Consumer<Changes> change) {
    Handle handle = changes.handle();
    handle.savepoint("change");
    try {
      change.accept(changes);
      handle.releaseSavepoint("change");
      failing = false;
    } catch (RuntimeException | Error e) {
      handle.rollbackToSavepoint("change");
      failed(e);
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

  /** Whether the last commit failed. */
  public boolean isFailing() {
    return failing;
  }

  /** Writes what is waiting, then ends. */
  @Override
  public void close() {
    closed = true;
    // Ends the writer's wait for a change.
    changes.offer(handle -> {});
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
