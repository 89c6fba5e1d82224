package org.reelway.transfer.observe;

import org.reelway.failure.FailureClass;
import org.reelway.transfer.TransferObserver;
import org.reelway.transfer.TransferProgress;
import org.reelway.transfer.VerifiedObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says every step of every transfer at DEBUG, for {@code reelway.log.level=debug}. */
public final class TransferLog implements TransferObserver {
  private static final Logger LOG = LoggerFactory.getLogger(TransferLog.class);

  @Override
  public void started(TransferProgress transfer) {
    LOG.debug("{}: transfer begun, {} bytes", transfer.recording().file(), transfer.size());
  }

  @Override
  public void noted(TransferProgress transfer, String what) {
    LOG.debug("{}: {}", transfer.recording().file(), what);
  }

  @Override
  public void partStored(TransferProgress transfer, Part part) {
    LOG.debug("{}: {} of {} parts stored", transfer.recording().file(), transfer.partsDone(), transfer.partsTotal());
  }

  @Override
  public void retried(TransferProgress transfer, FailureClass failureClass, String error) {
    LOG.debug("{}: request repeated ({}): {}", transfer.recording().file(), failureClass.word(), error);
  }

  @Override
  public void verified(TransferProgress transfer, VerifiedObject object) {
    LOG.debug("{}: verified as {}: {}", transfer.recording().file(), object.address(), object.evidence());
  }

  @Override
  public void ended(TransferProgress transfer) {
    LOG.debug(
        "{}: this try ended {}, {} bytes sent", transfer.recording().file(), transfer.state().word(), transfer.bytesSent());
  }
}
