package org.reelway.failure;

/** Whose fault a failure is; it decides what happens next, and labels logs and metrics. */
public enum FailureClass {
  /** This file or request is wrong: tell, set it aside, never retry blindly. */
  INPUT,
  /** A store, backend or media server is away or refuses: retry for ever with capped, jittered back-off. */
  DESTINATION,
  /** A bug, a full disk, missing permissions: alarm, and retry. */
  OURS;

  /** The word used in logs, metrics and the API. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
