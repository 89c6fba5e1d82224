package org.reelway.camel;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * How long each source (an IPv4 address, an IPv6 network) of wrong logins waits: a second after the first, twice as long after
 * each that follows, at most 30. Meanwhile its logins are not looked at: a client that does not wait for answers would have as
 * many tries as before. This machine's own, and those of a source that has logged in rightly, are always looked at, or a
 * stranger behind the same proxy could lock them out. Safe for several threads.
 */
final class WrongLogins {
  static final int MOST_SOURCES = 1000;
  private static final long FIRST_MILLIS = 1000;
  private static final long MOST_MILLIS = 30_000;
  private static final long FORGIVEN_AFTER_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final Pattern IPV6_NETWORK = Pattern.compile("^((?:[0-9a-f]+:){4})[0-9a-f:%].*");
  private static final Pattern OWN = Pattern.compile("127\\..*|0:0:0:0:0:0:0:1");

  private final LongSupplier nanos;
  private final Map<String, Source> sources = bounded();
  private final Map<String, Boolean> known = bounded();

  private record Source(long delayMillis, long at) {}

  WrongLogins() {
    this(System::nanoTime);
  }

  WrongLogins(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Forgets what was not asked for the longest. */
  private static <V> Map<String, V> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > MOST_SOURCES;
      }
    };
  }

  private static String source(String address) {
    return IPV6_NETWORK.matcher(address).replaceFirst("$1");
  }

  /** @param address as Java writes it: all eight groups of IPv6. @return in milliseconds, until a login of it is looked at */
  synchronized long wait(String address) {
    String source = source(address);
    Source wrong = sources.get(source);
    if (wrong == null || OWN.matcher(address).matches() || known.containsKey(source)) {
      return 0;
    }
    return Math.max(0, wrong.delayMillis() - TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - wrong.at()));
  }

  /** @return in milliseconds, when to answer it */
  synchronized long wrong(String address) {
    String source = source(address);
    long now = nanos.getAsLong();
    Source before = sources.get(source);
    boolean again = before != null && now - before.at() < FORGIVEN_AFTER_NANOS;
    long delay = again ? Math.min(MOST_MILLIS, 2 * before.delayMillis()) : FIRST_MILLIS;
    sources.put(source, new Source(delay, now));
    return delay;
  }

  synchronized void right(String address) {
    String source = source(address);
    known.put(source, true);
    sources.remove(source);
  }

  int size() {
    return sources.size() + known.size();
  }
}
