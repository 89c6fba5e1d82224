package org.reelway.callback;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Addresses of hosts. The system's resolver cannot be interrupted and may hang: it is asked on a thread of its own, one
 * for a host at a time, and waited for within bounds. Nothing is remembered here.
 */
final class Names {
  private final Lookup lookup;
  private final Map<String, CompletableFuture<List<InetAddress>>> underWay = new ConcurrentHashMap<>();

  /** The system's resolver. */
  @FunctionalInterface
  interface Lookup {
    InetAddress[] all(String host) throws UnknownHostException;
  }

  Names(Lookup lookup) {
    this.lookup = lookup;
  }

  /** @param host a name or an address; IPv6 without brackets */
  List<InetAddress> of(String host, Duration longest) throws IOException {
    try {
      return underWay.computeIfAbsent(host, this::ask).get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the name service did not answer within " + longest.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new IOException("the host " + host + " is not known", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the thread was interrupted", e);
    }
  }

  private CompletableFuture<List<InetAddress>> ask(String host) {
    CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                List<InetAddress> found = List.of(lookup.all(host));
                underWay.remove(host);
                answer.complete(found);
              } catch (UnknownHostException | RuntimeException e) {
                underWay.remove(host);
                answer.completeExceptionally(e);
              }
            },
            "look-up-" + host);
    thread.setDaemon(true);
    thread.start();
    return answer;
  }
}
