package org.reelway.stream.workflow;

import java.time.Instant;
import org.reelway.failure.FailureClass;

/**
 * Why a stream is not where it is wanted.
 *
 * @param failure whose fault it is; null where it only waits
 * @param since the first of those that followed each other
 */
record Trouble(String message, FailureClass failure, Instant since) {
  boolean isFailure() {
    return failure != null;
  }

  boolean isFinal() {
    return failure == FailureClass.INPUT;
  }
}
