package org.reelway.failure;

/** What was asked for is there already, or something else stands against it. */
public final class Conflict extends InputFailure {
  private static final long serialVersionUID = 1L;

  public Conflict(String message) {
    super(message);
  }
}
