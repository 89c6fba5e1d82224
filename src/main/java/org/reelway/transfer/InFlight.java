package org.reelway.transfer;

import org.reelway.transfer.store.Sent;

/** Counts the bytes of one request, so that those of a failed try can be taken back from the progress. */
final class InFlight implements Sent {
  private final TransferContext context;
  private long gone;

  InFlight(TransferContext context) {
    this.context = context;
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
    context.observer.partStored(context.progress);
  }

  void failed() {
    context.progress.takeBack(gone);
  }
}
