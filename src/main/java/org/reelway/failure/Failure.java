package org.reelway.failure;

/**
 * A failure with a class. The message names the setting, file, route or object, what was found, what is allowed, and
 * what to do; it never holds a secret.
 */
public abstract class Failure extends RuntimeException {
  private final FailureClass failureClass;

  protected Failure(FailureClass failureClass, String message, Throwable cause) {
    super(message, cause);
    this.failureClass = failureClass;
  }

  public FailureClass failureClass() {
    return failureClass;
  }

  /** The class of any throwable: that of the first {@link Failure} among its causes, else {@link FailureClass#OURS}. */
  public static FailureClass classOf(Throwable throwable) {
    for (Throwable t = throwable; t != null; t = t.getCause()) {
      if (t instanceof Failure failure) {
        return failure.failureClass();
      }
    }
    return FailureClass.OURS;
  }
}
