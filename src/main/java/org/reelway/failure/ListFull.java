package org.reelway.failure;

/**
 * A list that others can make longer is as long as it may be. Nothing was done of what was asked for, and it may be asked
 * for again later.
 */
public final class ListFull extends OurFailure {
  private static final long serialVersionUID = 1L;

  ListFull(String message) {
    super(message);
  }
}
