package org.reelway.transfer;

import java.time.Instant;
import org.reelway.failure.FailureClass;

/** Told what happens to transfers: history, metrics and MBeans listen here. Must not throw and must return at once. */
public interface TransferObserver {
  default void started(TransferProgress transfer) {}

  /** @param what in words, for the recording's history */
  default void noted(TransferProgress transfer, String what) {}

  default void bytesSent(TransferProgress transfer, long bytes) {}

  /** @param part that the store took */
  default void partStored(TransferProgress transfer, Part part) {}

  /**
   * A part, or the whole of a recording that is sent in one request.
   *
   * @param number from 1
   * @param begun when its request was
   */
  record Part(int number, long bytes, Instant begun) {}

  /** A request is going to be repeated. */
  default void retried(TransferProgress transfer, FailureClass failureClass, String error) {}

  /** This try came to nothing; the recording is tried again, or is set aside where the fault is its own. */
  default void failed(TransferProgress transfer, FailureClass failureClass, String error) {}

  default void verified(TransferProgress transfer, VerifiedObject object) {}

  /** This try is over, whatever its outcome. */
  default void ended(TransferProgress transfer) {}
}
