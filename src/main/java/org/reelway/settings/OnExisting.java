package org.reelway.settings;

/** What happens when the key of a recording already holds another object. */
public enum OnExisting {
  /** The recording replaces it. */
  OVERWRITE,
  /** The recording gets a key of its own. */
  VERSION
}
