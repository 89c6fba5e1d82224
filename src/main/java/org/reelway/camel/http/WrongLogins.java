package org.reelway.camel.http;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * How long each source (an IPv4 address, an IPv6 network) of wrong logins waits, and each name that they were for: a second after
 * the first, twice as long after each that follows, at most 30. Meanwhile its logins are not looked at: a client that does not wait
 * for answers would have as many tries as before. This machine's own, and those of a source that has logged in rightly, are always looked at, or a
 * stranger behind the same proxy, or with the same name, could lock them out. Safe for several threads.
 */
final class WrongLogins {
  static final int MOST_SOURCES = 1000;
  private static final long FIRST_MILLIS = 1000;
  private static final long MOST_MILLIS = 30_000;
  private static final long FORGIVEN_AFTER_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final Pattern IPV6_NETWORK = Pattern.compile("^((?:[0-9a-f]+:){4})[0-9a-f:%].*");
  private static final Pattern OWN = Pattern.compile("127\\..*|0:0:0:0:0:0:0:1");

  /** Names by their hashes: as many as there may be, so that names made up push none out, and none is known by waiting. */
  private static final int NAMES = 1024;

  private final LongSupplier nanos;
  private final int salt = new SecureRandom().nextInt();
  private final Map<Integer, Source> names = new HashMap<>();
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

  /**
   * @param address as Java writes it: all eight groups of IPv6
   * @param name that the login is for; empty where it has none
   * @return in milliseconds, until a login of it is looked at
   */
  synchronized long wait(String address, String name) {
    String source = source(address);
    if (OWN.matcher(address).matches() || known.containsKey(source)) {
      return 0;
    }
    return Math.max(wait(sources.get(source)), name.isEmpty() ? 0 : wait(names.get(hash(name))));
  }

  private long wait(Source wrong) {
    return wrong == null ? 0
        : Math.max(0, wrong.delayMillis() - TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - wrong.at()));
  }

  /** @return in milliseconds, when to answer it */
  synchronized long wrong(String address, String name) {
    long ofSource = wrong(sources, source(address));
    return name.isEmpty() ? ofSource : Math.max(ofSource, wrong(names, hash(name)));
  }

  private <K> long wrong(Map<K, Source> wrongs, K key) {
    long now = nanos.getAsLong();
    Source before = wrongs.get(key);
    boolean again = before != null && now - before.at() < FORGIVEN_AFTER_NANOS;
    long delay = again ? Math.min(MOST_MILLIS, 2 * before.delayMillis()) : FIRST_MILLIS;
    wrongs.put(key, new Source(delay, now));
    return delay;
  }

  private int hash(String name) {
    return Math.floorMod((name + salt).hashCode(), NAMES);
  }

  /** Others who try the same name wait all the same. */
  synchronized void right(String address) {
    String source = source(address);
    known.put(source, true);
    sources.remove(source);
  }

  int size() {
    return sources.size() + known.size() + names.size();
  }
}
