package org.reelway.failure;

/** A member of a request that is missing, unknown or not what it may be; the message names it. */
public final class BadRequest extends InputFailure {
  private static final long serialVersionUID = 1L;

  public BadRequest(String message) {
    super(message);
  }
}
