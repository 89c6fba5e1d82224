package org.reelway.settings;

/** What becomes of a recording whose program has failed. */
public enum OnFailure {
  /** It goes its way all the same. */
  SEND,
  /** It is set aside, for people. */
  HOLD
}
