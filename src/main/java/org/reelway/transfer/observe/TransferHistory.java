package org.reelway.transfer.observe;

import org.reelway.failure.FailureClass;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.transfer.TransferObserver;
import org.reelway.transfer.TransferProgress;
import org.reelway.transfer.VerifiedObject;

/** Writes what happens to transfers into the recordings' history. */
public final class TransferHistory implements TransferObserver {
  private final RecordingHistory history;

  public TransferHistory(RecordingHistory history) {
    this.history = history;
  }

  @Override
  public void started(TransferProgress transfer) {
    history.found(
        transfer.id(),
        transfer.recording().file().toString(),
        transfer.recording().path(),
        transfer.size(),
        null,
        null);
    history.state(transfer.id(), RecordingState.TRANSFERRING, "transfer begun");
  }

  @Override
  public void noted(TransferProgress transfer, String what) {
    history.note(transfer.id(), what);
  }

  @Override
  public void retried(TransferProgress transfer, FailureClass failureClass, String error) {
    history.note(transfer.id(), "request repeated (" + failureClass.word() + "): " + error);
  }

  @Override
  public void verified(TransferProgress transfer, VerifiedObject object) {
    history.verified(
        transfer.id(),
        object.store(),
        object.bucket(),
        object.key(),
        object.address(),
        object.etag(),
        object.versionId(),
        object.evidence());
  }

  @Override
  public void ended(TransferProgress transfer) {
    history.tried(
        transfer.id(),
        transfer.partsTotal(),
        transfer.partsResumed(),
        transfer.bytesSent(),
        transfer.retries());
  }
}
