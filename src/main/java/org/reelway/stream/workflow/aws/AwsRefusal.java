package org.reelway.stream.workflow.aws;

import org.reelway.failure.DestinationFailure;

/** One of the services refuses a call in a way that may pass, or that a step knows how to go on from. */
final class AwsRefusal extends DestinationFailure {
  private static final long serialVersionUID = 1L;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int PRECONDITION_FAILED = 412;

  private final int status;

  AwsRefusal(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  boolean isNotFound() {
    return status == NOT_FOUND;
  }

  /** It is in another state than the call wants. */
  boolean isConflict() {
    return status == CONFLICT;
  }

  /** It was changed since it was read. */
  boolean isStale() {
    return status == PRECONDITION_FAILED;
  }
}
