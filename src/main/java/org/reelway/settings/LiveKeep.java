package org.reelway.settings;

/** What becomes of chunks that the media server has removed. */
public enum LiveKeep {
  /** They are removed from the store too, after a while. */
  WINDOW,
  /** They stay. */
  ALL
}
