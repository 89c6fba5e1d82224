package org.reelway.app.check;

/** Whether a route problem stops the start. */
public enum Severity {
  /** It would fail at the start or while running: nothing is started. */
  ERROR,
  /** It works, though not as well as it could be read, watched or edited. */
  WARNING
}
