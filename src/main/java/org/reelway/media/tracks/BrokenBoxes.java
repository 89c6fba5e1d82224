package org.reelway.media.tracks;

/** The boxes of a file contradict themselves; the message says how, for the one that names the file. */
final class BrokenBoxes extends RuntimeException {
  private static final long serialVersionUID = 1;

  BrokenBoxes(String message) {
    super(message);
  }
}
