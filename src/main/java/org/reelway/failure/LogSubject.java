package org.reelway.failure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.slf4j.MDC;

/** What the lines are about that are logged during a piece of work: members of each line in JSON (docs/operate.md, The log). */
public final class LogSubject {
  /** The recording's id. */
  public static final String RECORDING = "recording";
  /** A recording, as a path. */
  public static final String FILE = "file";
  /** A stream's name; of the live workflow its id. */
  public static final String STREAM = "stream";
  /** A route's id. */
  public static final String ROUTE = "route";
  /** A callback's id. */
  public static final String CALLBACK = "callback";
  /** A live playlist. */
  public static final String PLAYLIST = "playlist";

  private final Map<String, String> members = new LinkedHashMap<>();

  private LogSubject() {}

  public static LogSubject of(String name, String value) {
    return new LogSubject().and(name, value);
  }

  /** @param value null for none */
  public LogSubject and(String name, String value) {
    members.put(name, value);
    return this;
  }

  public void during(Runnable work) {
    get(() -> {
      work.run();
      return null;
    });
  }

  /** @return what the work gives */
  public <T> T get(Supplier<T> work) {
    Map<String, String> before = new LinkedHashMap<>();
    members.keySet().forEach(name -> before.put(name, MDC.get(name)));
    members.forEach(LogSubject::put);
    try {
      return work.get();
    } finally {
      before.forEach(LogSubject::put);
    }
  }

  private static void put(String name, String value) {
    if (value == null) {
      MDC.remove(name);
    } else {
      MDC.put(name, value);
    }
  }

  /** The same work, about the same where another thread does it. */
  public static <T> Callable<T> carried(Callable<T> work) {
    Map<String, String> here = MDC.getCopyOfContextMap();
    if (here == null || here.isEmpty()) {
      return work;
    }
    return () -> {
      MDC.setContextMap(here);
      try {
        return work.call();
      } finally {
        MDC.clear();
      }
    };
  }
}
