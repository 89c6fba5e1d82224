package org.reelway.settings;

import java.util.List;

/** {@code reelway.log.*}: what is told on standard error. */
public final class LogSettings {
  public static final Setting<LogLevel> LEVEL = Setting.of(
      "reelway.log.level", Types.choice(LogLevel.class), "info",
      "What is told on standard error: info says the start, one line a finished recording, and failures once; debug "
          + "also says every step of every transfer.");

  static final Setting.Group GROUP = new Setting.Group("Log", "What is told on standard error.", List.of(LEVEL));

  private LogSettings() {}

  /** How much is logged. */
  public enum LogLevel {
    /** A start summary, one line a finished recording, failures once. */
    INFO,
    /** Also every step of every transfer. */
    DEBUG
  }
}
