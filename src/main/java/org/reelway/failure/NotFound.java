package org.reelway.failure;

/** What was asked for is not there. */
public final class NotFound extends InputFailure {
  private static final long serialVersionUID = 1L;

  public NotFound(String message) {
    super(message);
  }
}
