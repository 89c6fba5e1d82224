package org.reelway.failure;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

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

  /** The first one among a throwable and its causes. */
  public static Optional<Failure> in(Throwable throwable) {
    return Stream.iterate(throwable, Objects::nonNull, Throwable::getCause)
        .filter(Failure.class::isInstance).map(Failure.class::cast).findFirst();
  }

  /** What began it, in one line: what wraps a database's failure says less, or repeats whole statements. */
  public static String rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.toString().replaceAll("\\s+", " ");
  }

  /** The class of any throwable: that of the first {@link Failure} among its causes, else {@link FailureClass#OURS}. */
  public static FailureClass classOf(Throwable throwable) {
    return in(throwable).map(Failure::failureClass).orElse(FailureClass.OURS);
  }
}
