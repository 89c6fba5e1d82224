package org.reelway.transfer;

/** Reelway is stopping; the marker holds all that is needed to go on. Not a failure of anything. */
public final class TransferStopped extends RuntimeException {
  public TransferStopped(Throwable cause) {
    super("the transfer was stopped and goes on after the next start", cause);
  }
}
