package org.reelway.transfer;

import java.time.Instant;
import org.reelway.transfer.TransferObserver.Part;
import org.reelway.transfer.store.Sent;

/** Counts the bytes of one request, so that those of a failed try can be taken back from the progress. */
final class InFlight implements Sent {
  private final TransferContext context;
  private final int number;
  private final Instant begun = Instant.now();
  private long gone;

  /** @param number of the part */
  InFlight(TransferContext context, int number) {
    this.context = context;
    this.number = number;
  }

  @Override
  public void bytes(long count) {
    gone += count;
    context.progress.bytesGone(count);
    context.observer.bytesSent(context.progress, count);
  }

  /** @param length of the body, which the store has now */
  void stored(long length) {
    context.progress.partStored(gone, length);
    context.observer.partStored(context.progress, new Part(number, length, begun));
  }

  void failed() {
    context.progress.takeBack(gone);
  }
}
