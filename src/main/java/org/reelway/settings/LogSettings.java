package org.reelway.settings;

import java.nio.file.Path;
import java.util.List;

/** {@code reelway.log.*}: what is told on standard error. */
public final class LogSettings {
  public static final Setting<LogLevel> LEVEL = Setting.of(
      "reelway.log.level", Types.choice(LogLevel.class), "info",
      "What is told on standard error: info says the start, one line a finished recording, and failures once; debug "
          + "also says every step of every transfer.");

  public static final Setting<LogFormat> FORMAT = Setting.of(
      "reelway.log.format", Types.choice(LogFormat.class), "text",
      "The form of the lines on standard error: text for people, or json for log stores: an object on each line, with the "
          + "recording, stream and route that it is about as members of their own.");

  public static final Setting<Path> AUDIT_FILE = Setting.optional(
      "reelway.log.audit-file", Folders.PATH,
      "File that has the lines of the logger reelway.audit, too: who did what by the HTTP servers (docs/security.md). At 10 MiB it "
          + "becomes FILE.1, and so on up to FILE.9.");

  static final Setting.Group GROUP = new Setting.Group(
      "Log", "What is told on standard error.", List.of(LEVEL, FORMAT, AUDIT_FILE));

  private LogSettings() {}

  /** How much is logged. */
  public enum LogLevel {
    /** A start summary, one line a finished recording, failures once. */
    INFO,
    /** Also every step of every transfer. */
    DEBUG
  }

  /** How a line of the log looks. */
  public enum LogFormat {
    /** For people. */
    TEXT,
    /** One JSON object a line. */
    JSON
  }
}
