package org.reelway.settings;

/** How much is logged. */
public enum LogLevel {
  /** A start summary, one line a finished recording, failures once. */
  INFO,
  /** Also every step of every transfer. */
  DEBUG
}
