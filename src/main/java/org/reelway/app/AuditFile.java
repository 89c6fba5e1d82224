package org.reelway.app;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.reelway.failure.InputFailure;
import org.reelway.settings.LogSettings;
import org.slf4j.LoggerFactory;

/** The lines of the logger {@code reelway.audit} in a file of their own, which does not grow without end. */
final class AuditFile {
  private static final String LOGGER = "reelway.audit";
  private static final int MOST = 9;
  private static final long LONGEST = 10L << 20;

  private AuditFile() {}

  /** @throws InputFailure where it cannot be written */
  static void begin(Path file, boolean json) {
    try {
      Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    } catch (IOException e) {
      throw new InputFailure(
          LogSettings.AUDIT_FILE + " is \"" + file + "\", which cannot be written (" + e + "); make its folder, or allow it", e);
    }
    Logger logger = (Logger) LoggerFactory.getLogger(LOGGER);
    LoggerContext context = logger.getLoggerContext();
    RollingFileAppender<ILoggingEvent> appender = new Renewed();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setEncoder(encoder(context, json));
    appender.setRollingPolicy(rolling(context, appender, file));
    appender.setTriggeringPolicy(full(context));
    appender.start();
    logger.addAppender(appender);
  }

  /** Opens its file anew where another one, or none, is at its path: logrotate and people rename it. */
  private static final class Renewed extends RollingFileAppender<ILoggingEvent> {
    private Object opened;
    /** Of the file before: what others may not read of it, they may not read of the next. Null where files have none. */
    private Set<PosixFilePermission> rights;

    @Override
    public void openFile(String name) throws IOException {
      Path file = Path.of(name);
      if (rights != null && Files.notExists(file)) {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(rights));
      }
      super.openFile(name);
      opened = atPath();
      if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        rights = Files.getPosixFilePermissions(file);
      }
    }

    @Override
    protected void subAppend(ILoggingEvent event) {
      streamWriteLock.lock();
      try {
        if (!Objects.equals(atPath(), opened)) {
          openFile(getFile());
        }
      } catch (IOException e) {
        addError("cannot open " + getFile() + " anew; the file before is written on", e);
      } finally {
        streamWriteLock.unlock();
      }
      super.subAppend(event);
    }

    /** Tells a file from all others; null where none is. */
    private Object atPath() {
      try {
        return Files.readAttributes(Path.of(getFile()), BasicFileAttributes.class).fileKey();
      } catch (IOException gone) {
        return null;
      }
    }
  }

  private static EncoderBase<ILoggingEvent> encoder(LoggerContext context, boolean json) {
    EncoderBase<ILoggingEvent> encoder = json ? new JsonLines(false) : text();
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  private static PatternLayoutEncoder text() {
    PatternLayoutEncoder text = new PatternLayoutEncoder();
    text.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %msg%n");
    return text;
  }

  private static FixedWindowRollingPolicy rolling(
      LoggerContext context, RollingFileAppender<ILoggingEvent> appender, Path file) {
    FixedWindowRollingPolicy policy = new FixedWindowRollingPolicy();
    policy.setContext(context);
    policy.setParent(appender);
    policy.setFileNamePattern(file + ".%i");
    policy.setMinIndex(1);
    policy.setMaxIndex(MOST);
    policy.start();
    return policy;
  }

  private static SizeBasedTriggeringPolicy<ILoggingEvent> full(LoggerContext context) {
    SizeBasedTriggeringPolicy<ILoggingEvent> policy = new SizeBasedTriggeringPolicy<>();
    policy.setContext(context);
    policy.setMaxFileSize(new FileSize(LONGEST));
    policy.start();
    return policy;
  }
}
