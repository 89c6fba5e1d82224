package org.reelway.transfer.observe;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.transfer.TransferObserver;
import org.reelway.transfer.TransferProgress;

/** When the first byte of each of the newest recordings went out. */
public final class FirstBytes implements TransferObserver {
  /** More recordings than are ever between their first byte and their manifest. */
  private static final int MOST = 10_000;

  private final Map<String, Instant> byId = new ConcurrentHashMap<>();
  private final Queue<String> order = new ArrayBlockingQueue<>(MOST);
  private final Clock clock;

  public FirstBytes(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void bytesSent(TransferProgress transfer, long bytes) {
    if (!byId.containsKey(transfer.id()) && byId.putIfAbsent(transfer.id(), clock.instant()) == null) {
      while (!order.offer(transfer.id())) {
        forget(order.poll());
      }
    }
  }

  /** Empty where none went out since the program was started. */
  public Optional<Instant> of(String recordingId) {
    return Optional.ofNullable(byId.get(recordingId));
  }

  private void forget(String oldest) {
    if (oldest != null) {
      byId.remove(oldest);
    }
  }
}
