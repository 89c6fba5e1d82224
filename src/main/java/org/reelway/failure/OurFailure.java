package org.reelway.failure;

/** A fault on Reelway's own side: a bug, a full disk, a folder without permission. */
public class OurFailure extends Failure {
  public OurFailure(String message) {
    this(message, null);
  }

  public OurFailure(String message, Throwable cause) {
    super(FailureClass.OURS, message, cause);
  }
}
