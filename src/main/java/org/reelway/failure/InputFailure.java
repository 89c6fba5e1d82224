package org.reelway.failure;

/** This file or request is wrong; retrying it unchanged cannot help. */
public class InputFailure extends Failure {
  public InputFailure(String message) {
    this(message, null);
  }

  public InputFailure(String message, Throwable cause) {
    super(FailureClass.INPUT, message, cause);
  }
}
