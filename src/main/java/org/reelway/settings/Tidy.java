package org.reelway.settings;

/** What happens with a recording after it was verified in the store. */
public enum Tidy {
  KEEP,
  DELETE,
  MOVE
}
