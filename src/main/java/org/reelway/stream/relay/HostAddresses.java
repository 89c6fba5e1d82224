package org.reelway.stream.relay;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Addresses of hosts, looked up by threads of its own and known for a minute: a name service may be slow. */
public final class HostAddresses {
  private static final Duration KNOWN_FOR = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int THREADS = 8;

  private final Lookup lookup;
  private final Executor threads;
  private final Clock clock;
  private final Map<String, Found> known = new ConcurrentHashMap<>();

  /** @param before what was known until it was asked again; empty for nothing */
  private record Found(Instant asked, CompletableFuture<Set<InetAddress>> addresses, Set<InetAddress> before) {
    boolean isOld(Instant now) {
      return addresses.isDone() && now.isAfter(asked.plus(KNOWN_FOR));
    }
  }

  /** As {@link InetAddress#getAllByName}. */
  @FunctionalInterface
  interface Lookup {
    InetAddress[] of(String host) throws UnknownHostException;
  }

  HostAddresses(Lookup lookup, Executor threads, Clock clock) {
    this.lookup = lookup;
    this.threads = threads;
    this.clock = clock;
  }

  /** The system's. */
  public static HostAddresses system(Clock clock) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "host-addresses");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return new HostAddresses(InetAddress::getAllByName, threads, clock);
  }

  /** Asks, so that the answer is there when it is wanted. */
  void prepare(String host) {
    find(host);
  }

  /**
   * All addresses of the host; none where it is unknown, or nobody has answered for two seconds since it was asked first.
   * While it is asked again, those that were known before. Never fails.
   */
  Set<InetAddress> of(String host) {
    Optional<InetAddress> literal = literal(host);
    if (literal.isPresent()) {
      return Set.of(literal.get());
    }
    Found found = find(host);
    Duration left = Duration.between(clock.instant(), found.asked().plus(PATIENCE));
    boolean waits = found.before().isEmpty() && !left.isNegative();
    try {
      return waits ? found.addresses().get(left.toMillis(), TimeUnit.MILLISECONDS) : found.addresses().getNow(found.before());
    } catch (TimeoutException | ExecutionException late) {
      return Set.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Set.of();
    }
  }

  private Found find(String host) {
    Instant now = clock.instant();
    return known.compute(host, (name, found) -> found == null || found.isOld(now) ? ask(name, found, now) : found);
  }

  private Found ask(String host, Found last, Instant now) {
    CompletableFuture<Set<InetAddress>> addresses = new CompletableFuture<>();
    threads.execute(() -> addresses.complete(lookUp(host)));
    return new Found(now, addresses, last == null ? Set.of() : last.addresses().getNow(Set.of()));
  }

  private Set<InetAddress> lookUp(String host) {
    try {
      return Set.copyOf(java.util.List.of(lookup.of(host)));
    } catch (UnknownHostException | RuntimeException unknown) {
      return Set.of();
    }
  }

  /** The address that the text is, with or without a port; empty where it is a name, and nobody is asked. */
  static Optional<InetAddress> literal(String text) {
    String host =
        text.startsWith("[") ? text.replaceFirst("^\\[([^]]*)].*$", "$1")
            : text.indexOf(':') == text.lastIndexOf(':') ? text.replaceFirst(":.*$", "") : text;
    boolean numbers = host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") || host.contains(":") && host.matches("[0-9a-fA-F:.%]+");
    try {
      return numbers ? Optional.of(InetAddress.getByName(host)) : Optional.empty();
    } catch (UnknownHostException noAddress) {
      return Optional.empty();
    }
  }
}
