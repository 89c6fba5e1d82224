package org.reelway.camel;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.reelway.recording.MarkedRecording;

/**
 * How many recordings a route has in hand: of small ones more, for they spend their time waiting for the store and the
 * disk, and those who sync one folder together share a sync. Where only one is wished, it is one.
 */
final class WorkRoom {
  /** Bytes; a file of so many holds no more memory than its connection's. */
  private static final long SMALL = 1 << 20;
  private static final int TIMES_AS_MANY = 4;
  private static final int MOST_SMALL = 32;

  private final int most;
  private final BooleanSupplier open;
  private final Semaphore large;
  /** One worker at a time takes a recording and waits until there is room for it, so that none overtakes. */
  private final ReentrantLock turn = new ReentrantLock();

  /**
   * @param filesAtOnce whatever their size
   * @param open false once no recording is to be taken any more
   */
  WorkRoom(int filesAtOnce, BooleanSupplier open) {
    this.open = open;
    most = filesAtOnce == 1 ? 1 : Math.max(filesAtOnce, Math.min(MOST_SMALL, filesAtOnce * TIMES_AS_MANY));
    large = new Semaphore(filesAtOnce);
  }

  /** Recordings at once, if enough of them are small: so many threads ask for the next one. */
  int most() {
    return most;
  }

  /** Where recordings come from; may wait. */
  @FunctionalInterface
  interface Source {
    Optional<MarkedRecording> next() throws InterruptedException;
  }

  /** Handles the next recording, where there is one, while others are handled beside it. */
  void next(Source source, Consumer<MarkedRecording> handling) throws InterruptedException {
    MarkedRecording next;
    boolean isLarge;
    turn.lockInterruptibly();
    try {
      // Whoever stood in line for his turn may have waited past the beginning of a stop.
      next = open.getAsBoolean() ? source.next().orElse(null) : null;
      isLarge = next != null && next.file().toFile().length() > SMALL;
      if (isLarge) {
        large.acquire();
      }
    } finally {
      turn.unlock();
    }
    try {
      if (next != null) {
        handling.accept(next);
      }
    } finally {
      large.release(isLarge ? 1 : 0);
    }
  }
}
