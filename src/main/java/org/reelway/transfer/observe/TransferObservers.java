package org.reelway.transfer.observe;

import java.util.List;
import java.util.function.Consumer;
import org.reelway.failure.FailureClass;
import org.reelway.transfer.TransferObserver;
import org.reelway.transfer.TransferProgress;
import org.reelway.transfer.VerifiedObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells several observers; one that fails disturbs neither the others nor the transfer. */
public final class TransferObservers implements TransferObserver {
  private static final Logger LOG = LoggerFactory.getLogger(TransferObservers.class);

  private final List<TransferObserver> observers;

  public TransferObservers(List<TransferObserver> observers) {
    this.observers = List.copyOf(observers);
  }

  private void tell(Consumer<TransferObserver> what) {
    for (TransferObserver observer : observers) {
      try {
        what.accept(observer);
      } catch (RuntimeException e) {
        LOG.warn("{} failed: {}", observer.getClass().getSimpleName(), e.toString());
      }
    }
  }

  @Override
  public void started(TransferProgress transfer) {
    tell(observer -> observer.started(transfer));
  }

  @Override
  public void noted(TransferProgress transfer, String what) {
    tell(observer -> observer.noted(transfer, what));
  }

  @Override
  public void bytesSent(TransferProgress transfer, long bytes) {
    tell(observer -> observer.bytesSent(transfer, bytes));
  }

  @Override
  public void partStored(TransferProgress transfer, Part part) {
    tell(observer -> observer.partStored(transfer, part));
  }

  @Override
  public void retried(TransferProgress transfer, FailureClass failureClass, String error) {
    tell(observer -> observer.retried(transfer, failureClass, error));
  }

  @Override
  public void failed(TransferProgress transfer, FailureClass failureClass, String error) {
    tell(observer -> observer.failed(transfer, failureClass, error));
  }

  @Override
  public void verified(TransferProgress transfer, VerifiedObject object) {
    tell(observer -> observer.verified(transfer, object));
  }

  @Override
  public void ended(TransferProgress transfer) {
    tell(observer -> observer.ended(transfer));
  }
}
