package org.reelway.transfer.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.reelway.failure.DaemonThreads;

/**
 * Addresses of hosts. The system's resolver cannot be interrupted and may hang, so it is asked on a thread of its own,
 * one for a host at a time, and waited for within bounds; a name service that fails is bridged for a while by what it
 * said before.
 */
public final class HostNames {
  private static final long FRESH_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long BRIDGED_NANOS = Duration.ofMinutes(10).toNanos();

  private final Lookup lookup;
  private final LongSupplier nanos;
  private final Map<String, Known> known = new HashMap<>();
  private final Map<String, Question> underWay = new HashMap<>();

  /** The system's resolver. */
  @FunctionalInterface
  public interface Lookup {
    InetAddress[] all(String host) throws UnknownHostException;
  }

  private record Known(List<InetAddress> addresses, long at) {}

  private record Question(CompletableFuture<List<InetAddress>> answer, long at) {}

  public HostNames() {
    this(InetAddress::getAllByName, System::nanoTime);
  }

  public HostNames(Lookup lookup) {
    this(lookup, System::nanoTime);
  }

  HostNames(Lookup lookup, LongSupplier nanos) {
    this.lookup = lookup;
    this.nanos = nanos;
  }

  /**
   * @param host a name or an address; IPv6 without brackets
   * @return the addresses, in the order in which to try them
   * @throws UnknownHostException also where the thread is interrupted (the flag stays set)
   */
  public List<InetAddress> of(String host, Duration longest) throws UnknownHostException {
    List<InetAddress> fresh = known(host, FRESH_NANOS);
    if (!fresh.isEmpty()) {
      return fresh;
    }
    try {
      return ask(host).answer().get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return bridged(host, "the host " + host + " was not found within " + longest.toMillis()
          + " ms: the name service does not answer", e);
    } catch (ExecutionException e) {
      return bridged(host, "the host " + host + " is not known", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown("the thread was interrupted", e);
    }
  }

  /**
   * What is known by now: none where the host is unknown, or nobody has answered for that long since it was asked first.
   * While it is asked again, those that were known before. Never fails.
   */
  public List<InetAddress> known(String host, Duration longest) {
    List<InetAddress> before = known(host, BRIDGED_NANOS);
    if (!before.isEmpty()) {
      if (known(host, FRESH_NANOS).isEmpty()) {
        ask(host);
      }
      return before;
    }
    Question question = ask(host);
    long left = longest.toNanos() - (nanos.getAsLong() - question.at());
    try {
      return question.answer().get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException late) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private static UnknownHostException unknown(String message, Throwable cause) {
    UnknownHostException unknown = new UnknownHostException(message);
    unknown.initCause(cause);
    return unknown;
  }

  /** An address that could not be connected to goes behind the others. */
  public synchronized void failed(String host, InetAddress address) {
    Known old = known.get(host);
    if (old != null && old.addresses.contains(address)) {
      List<InetAddress> order = new ArrayList<>(old.addresses);
      order.remove(address);
      order.add(address);
      known.put(host, new Known(List.copyOf(order), old.at));
    }
  }

  private synchronized List<InetAddress> known(String host, long age) {
    Known found = known.get(host);
    return found == null || nanos.getAsLong() - found.at >= age ? List.of() : found.addresses;
  }

  private List<InetAddress> bridged(String host, String message, Throwable cause) throws UnknownHostException {
    List<InetAddress> before = known(host, BRIDGED_NANOS);
    if (before.isEmpty()) {
      throw unknown(message, cause);
    }
    return before;
  }

  private synchronized Question ask(String host) {
    return underWay.computeIfAbsent(host, this::question);
  }

  private Question question(String host) {
    Question question = new Question(new CompletableFuture<>(), nanos.getAsLong());
    DaemonThreads.of("look-up-" + host, () -> lookUp(host, question.answer())).start();
    return question;
  }

  private void lookUp(String host, CompletableFuture<List<InetAddress>> answer) {
    try {
      List<InetAddress> found = List.of(lookup.all(host));
      ended(host, found);
      answer.complete(found);
    } catch (UnknownHostException | RuntimeException e) {
      ended(host, List.of());
      answer.completeExceptionally(e);
    }
  }

  private synchronized void ended(String host, List<InetAddress> found) {
    underWay.remove(host);
    if (!found.isEmpty()) {
      known.put(host, new Known(found, nanos.getAsLong()));
    }
  }
}
