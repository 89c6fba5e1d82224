package org.reelway.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.reelway.settings.LogSettings;
import org.reelway.settings.LogSettings.LogFormat;
import org.reelway.settings.Settings;
import org.reelway.settings.TelemetrySettings;
import org.slf4j.LoggerFactory;

/** Logging as the settings want it. */
final class LogOutput {
  private LogOutput() {}

  /** The level is that of Reelway's own lines; those of libraries stay as logback.xml says. */
  static void use(Settings settings) {
    level(Level.toLevel(settings.get(LogSettings.LEVEL).name()));
    if (settings.get(LogSettings.FORMAT) == LogFormat.JSON) {
      inJson(settings.isSet(TelemetrySettings.ENDPOINT));
    }
    if (settings.isSet(LogSettings.AUDIT_FILE)) {
      AuditFile.begin(settings.get(LogSettings.AUDIT_FILE), isJson());
    }
  }

  /** For commands that print what there is to say. */
  static void warningsOnly() {
    level(Level.WARN);
    level("reelway.audit", Level.WARN);
  }

  private static void level(Level level) {
    level("org.reelway", level);
  }

  private static void level(String name, Level level) {
    if (LoggerFactory.getLogger(name) instanceof Logger logger) {
      logger.setLevel(level);
    }
  }

  private static void inJson(boolean traced) {
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root
        && root.getAppender("console") instanceof ConsoleAppender<ILoggingEvent> console) {
      JsonLines lines = new JsonLines(traced);
      lines.setContext(root.getLoggerContext());
      lines.start();
      console.setEncoder(lines);
    }
  }

  /** Whether whoever reads standard error expects JSON there. */
  static boolean isJson() {
    return LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root
        && root.getAppender("console") instanceof ConsoleAppender<ILoggingEvent> console
        && console.getEncoder() instanceof JsonLines;
  }
}
