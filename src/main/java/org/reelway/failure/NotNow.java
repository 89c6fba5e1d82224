package org.reelway.failure;

/** Nothing was done of what was asked for, and the log has told why, once; it may be asked for again later. */
public abstract class NotNow extends OurFailure {
  private static final long serialVersionUID = 1L;

  protected NotNow(String message, Throwable cause) {
    super(message, cause);
  }
}
