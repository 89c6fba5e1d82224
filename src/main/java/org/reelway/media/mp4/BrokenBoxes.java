package org.reelway.media.mp4;

import org.reelway.failure.InputFailure;

/** The boxes of a file contradict themselves; the message says how, for the one that names the file. */
public final class BrokenBoxes extends InputFailure {
  private static final long serialVersionUID = 1;

  public BrokenBoxes(String message) {
    super(message);
  }
}
