package org.reelway.camel.api;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/** The newest warnings and errors of the log, in memory, for a support bundle. */
public final class RecentLog extends AppenderBase<ILoggingEvent> {
  private static final int MOST = 300;
  private static final int LONGEST = 8192;

  private final Deque<String> newest = new ArrayDeque<>();

  /** Listens until {@link #end}. */
  public void begin() {
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      setContext(root.getLoggerContext());
      start();
      root.addAppender(this);
    }
  }

  public void end() {
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.detachAppender(this);
    }
    stop();
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (!event.getLevel().isGreaterOrEqual(Level.WARN)) {
      return;
    }
    String line = line(event);
    synchronized (newest) {
      newest.addLast(line.length() > LONGEST ? line.substring(0, LONGEST) + " …" : line);
      if (newest.size() > MOST) {
        newest.removeFirst();
      }
    }
  }

  private static String line(ILoggingEvent event) {
    String about = event.getMDCPropertyMap().isEmpty() ? "" : " " + new TreeMap<>(event.getMDCPropertyMap());
    String stack = event.getThrowableProxy() == null ? "" : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
    return event.getInstant() + " " + event.getLevel() + " " + event.getLoggerName() + about + " " + event.getFormattedMessage()
        + stack;
  }

  /** Oldest first. */
  List<String> lines() {
    synchronized (newest) {
      return List.copyOf(newest);
    }
  }
}
