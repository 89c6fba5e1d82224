package org.reelway.camel.http;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How often the log tells of what others can bring about by the thousand: the first of a kind at once, those that follow
 * counted, once a minute. Safe for use by several threads.
 */
public final class Seldom {
  static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final LongSupplier nanos;
  private final Map<String, Said> kinds = new HashMap<>();

  private static final class Said {
    private long at;
    private int unsaid;
  }

  public Seldom() {
    this(System::nanoTime);
  }

  public Seldom(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * Counts one more.
   *
   * @param kind one of a few; never what others choose
   * @return how many there were since the last time, this one included, where it is time to tell; otherwise 0
   */
  public synchronized int due(String kind) {
    long now = nanos.getAsLong();
    Said said = kinds.get(kind);
    if (said != null && now - said.at < PAUSE_NANOS) {
      said.unsaid++;
      return 0;
    }
    Said next = new Said();
    next.at = now;
    kinds.put(kind, next);
    return said == null ? 1 : said.unsaid + 1;
  }
}
