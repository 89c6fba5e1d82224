package org.reelway.callback;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.reelway.transfer.store.Trust;

/**
 * Takes one callback to its receiver, once.
 *
 * <p>A client of our own, for those of the JDK resolve names themselves: between a check of the address and their
 * connection the name can become another one. Here the address that was checked is the one that is connected to, while
 * TLS checks the certificate against the name. After the whole time the socket is closed, wherever it stands: a peer that
 * trickles holds up nothing longer.
 */
public final class Courier implements AutoCloseable {
  private static final int MOST_REDIRECTS = 3;
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);

  private final AllowedHosts allowed;
  private final Names names;
  private final Trust trust;
  private final Duration whole;
  private final Duration connect;
  private final Clock clock;
  private final ScheduledThreadPoolExecutor watch;

  /**
   * @param trust whose certificates are believed
   * @param whole the longest time for a try, redirects included
   */
  public Courier(AllowedHosts allowed, Trust trust, Duration whole, Clock clock) {
    this(allowed, InetAddress::getAllByName, trust, whole, clock);
  }

  Courier(AllowedHosts allowed, Names.Lookup lookup, Trust trust, Duration whole, Clock clock) {
    this.allowed = allowed;
    this.names = new Names(lookup);
    this.trust = trust;
    this.whole = whole;
    this.connect = whole.compareTo(LONGEST_CONNECT) < 0 ? whole : LONGEST_CONNECT;
    this.clock = clock;
    this.watch =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "callback-watch");
              thread.setDaemon(true);
              return thread;
            });
    watch.setRemoveOnCancelPolicy(true);
  }

  /** @param headers beside those of the connection and the body */
  Answer post(URI target, Map<String, String> headers, byte[] body) {
    long deadline = System.nanoTime() + whole.toNanos();
    URI now = target;
    for (int redirects = 0; ; redirects++) {
      AnswerHead head;
      try {
        head = exchange(now, headers, body, deadline);
      } catch (IOException e) {
        return Answer.away(e.getMessage());
      }
      if (!head.isRedirect()) {
        return head.answer(clock.instant());
      }
      try {
        now = Redirect.follow(now, head);
      } catch (IOException e) {
        return Answer.away(e.getMessage());
      }
      if (redirects == MOST_REDIRECTS) {
        return Answer.away("it redirects more than " + MOST_REDIRECTS + " times");
      }
    }
  }

  /** Connects as a callback would, and says nothing. @return why that cannot be done; empty where it can */
  public Optional<String> trouble(URI target) {
    try (Socket socket = open(target, System.nanoTime() + whole.toNanos())) {
      socket.setSoTimeout((int) connect.toMillis());
      secured(socket, target).close();
      return Optional.empty();
    } catch (SSLException e) {
      return Optional.of("no TLS connection: " + e.getMessage());
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    }
  }

  private AnswerHead exchange(URI target, Map<String, String> headers, byte[] body, long deadline) throws IOException {
    AtomicBoolean late = new AtomicBoolean();
    try (Socket socket = open(target, deadline)) {
      long left = deadline - System.nanoTime();
      Future<?> alarm = watch.schedule(() -> cut(socket, late), Math.max(0, left), TimeUnit.NANOSECONDS);
      try (Wire wire = new Wire(secured(socket, target))) {
        return wire.post(target, headers, body);
      } catch (SSLException e) {
        throw new IOException("no TLS connection: " + e.getMessage(), e);
      } finally {
        alarm.cancel(false);
      }
    } catch (IOException e) {
      throw late.get() ? new IOException("it did not answer within " + whole.toMillis() + " ms", e) : e;
    }
  }

  private static void cut(Socket socket, AtomicBoolean late) {
    late.set(true);
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed either way.
    }
  }

  /** Connected to an address that is allowed, and to no other one of that name. */
  private Socket open(URI target, long deadline) throws IOException {
    String host = Redirect.host(target);
    List<InetAddress> all = names.of(host, connect);
    List<InetAddress> open = all.stream().filter(address -> allowed.allows(host, address)).toList();
    if (open.isEmpty()) {
      throw new IOException(
          host + (all.isEmpty() ? " has no address" : " is a private address ("
              + all.get(0).getHostAddress() + "); to allow it, add the host to reelway.callbacks.allow-private"));
    }
    IOException last = null;
    for (InetAddress address : open) {
      Socket socket = new Socket(java.net.Proxy.NO_PROXY);
      try {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        int longest = (int) Math.max(1, Math.min(left, connect.toMillis()));
        socket.connect(new InetSocketAddress(address, Redirect.port(target)), longest);
        return socket;
      } catch (IOException e) {
        socket.close();
        last = new IOException("no connection to " + Redirect.authority(target) + ": " + e.getMessage(), e);
      }
    }
    throw last;
  }

  private Socket secured(Socket socket, URI target) throws IOException {
    socket.setTcpNoDelay(true);
    if (!Redirect.isSecure(target)) {
      return socket;
    }
    SSLSocket secured =
        (SSLSocket)
            trust.context().getSocketFactory().createSocket(socket, Redirect.host(target), Redirect.port(target), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }
}
