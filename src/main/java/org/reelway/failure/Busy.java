package org.reelway.failure;

/** Others have asked for as much before, and no turn came; the message says what for. */
public final class Busy extends NotNow {
  private static final long serialVersionUID = 1L;

  public Busy(String message) {
    super(message, null);
  }
}
