package org.reelway.transfer.observe;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.transfer.TransferObserver;
import org.reelway.transfer.TransferProgress;

/** The transfers under way. */
public final class LiveTransfers implements TransferObserver {
  private final Map<String, TransferProgress> live = new ConcurrentHashMap<>();

  public Collection<TransferProgress> all() {
    return List.copyOf(live.values());
  }

  public Optional<TransferProgress> find(String recordingId) {
    return Optional.ofNullable(live.get(recordingId));
  }

  @Override
  public void started(TransferProgress transfer) {
    live.put(transfer.id(), transfer);
  }

  @Override
  public void ended(TransferProgress transfer) {
    live.remove(transfer.id(), transfer);
  }
}
