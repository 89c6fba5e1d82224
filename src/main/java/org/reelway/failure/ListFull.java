package org.reelway.failure;

/** A list that others can make longer is as long as it may be. */
public final class ListFull extends NotNow {
  private static final long serialVersionUID = 1L;

  ListFull(String message) {
    super(message, null);
  }
}
