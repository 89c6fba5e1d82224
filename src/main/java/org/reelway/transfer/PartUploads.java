package org.reelway.transfer;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.reelway.failure.LogSubject;
import org.reelway.transfer.store.StoredPart;

/**
 * Sends parts on the shared threads, a few at a time: a file with ten thousand parts takes its turn with the others
 * instead of filling the line in front of them.
 */
final class PartUploads {
  private static final long LOOK_AGAIN_MILLIS = 200;

  private final ExecutorService threads;
  private final int atOnce;

  PartUploads(ExecutorService threads, int atOnce) {
    this.threads = threads;
    this.atOnce = atOnce;
  }

  /**
   * @param numbers the parts to send
   * @param send one part; may throw
   * @return the parts by number. When one fails, no further one is begun, those on their way are waited for (what the
   *     store got need not be sent again), and the first failure is thrown
   */
  SortedMap<Integer, StoredPart> send(List<Integer> numbers, IntFunction<StoredPart> send) {
    ExecutorCompletionService<StoredPart> completion = new ExecutorCompletionService<>(threads);
    SortedMap<Integer, StoredPart> stored = new TreeMap<>();
    RuntimeException failure = null;
    int begun = 0;
    int ended = 0;
    while (true) {
      while (failure == null && begun < numbers.size() && begun - ended < atOnce) {
        int number = numbers.get(begun);
        try {
          completion.submit(LogSubject.carried(() -> send.apply(number)));
          begun++;
        } catch (RejectedExecutionException closed) {
          failure = new TransferStopped(closed);
        }
      }
      if (ended == begun) {
        break;
      }
      try {
        StoredPart part = outcome(completion);
        stored.put(part.number(), part);
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
      }
      ended++;
    }
    if (failure != null) {
      throw failure;
    }
    return stored;
  }

  private StoredPart outcome(ExecutorCompletionService<StoredPart> completion) {
    try {
      return next(completion).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransferStopped(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Parts that waited in line when the threads were closed never end. */
  private Future<StoredPart> next(ExecutorCompletionService<StoredPart> completion) throws InterruptedException {
    while (true) {
      boolean nobodyWorks = threads.isTerminated();
      Future<StoredPart> next = completion.poll(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
      if (next != null) {
        return next;
      }
      if (nobodyWorks) {
        throw new TransferStopped(null);
      }
    }
  }
}
