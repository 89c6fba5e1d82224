package org.reelway.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.reelway.settings.LogSettings;
import org.reelway.settings.Settings;
import org.slf4j.LoggerFactory;

/** Logging as the settings want it. */
final class LogOutput {
  private LogOutput() {}

  /** Of Reelway's own lines; those of libraries stay as logback.xml says. */
  static void use(Settings settings) {
    level(Level.toLevel(settings.get(LogSettings.LEVEL).name()));
  }

  /** For commands that print what there is to say. */
  static void warningsOnly() {
    level(Level.WARN);
  }

  private static void level(Level level) {
    if (LoggerFactory.getLogger("org.reelway") instanceof Logger own) {
      own.setLevel(level);
    }
  }
}
