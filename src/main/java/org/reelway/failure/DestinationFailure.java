package org.reelway.failure;

/** A store, backend or media server is away or refuses; the same work will be tried again. */
public class DestinationFailure extends Failure {
  public DestinationFailure(String message) {
    this(message, null);
  }

  public DestinationFailure(String message, Throwable cause) {
    super(FailureClass.DESTINATION, message, cause);
  }
}
