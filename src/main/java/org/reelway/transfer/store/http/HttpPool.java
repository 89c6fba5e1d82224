package org.reelway.transfer.store.http;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.http.TransportException.Kind;

/**
 * Connections that are kept for the next request. There are as many as there are requests at a time: whoever calls
 * bounds that. Safe for use by many threads.
 */
public final class HttpPool implements Closeable {
  /** Shorter than what common servers allow, so that most are dropped here before they are there. */
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(15);

  private final Connector connector;
  private final Map<Peer, Deque<HttpConnection>> idle = new HashMap<>();
  private final Set<HttpConnection> busy = new HashSet<>();
  /** Peers that do not know {@code Expect}: to ask them costs a wait for each body. */
  private final Set<Peer> ignoringExpect = ConcurrentHashMap.newKeySet();
  private boolean closed;

  public HttpPool(HttpSettings settings) {
    this.connector = new Connector(settings, new HostNames());
  }

  /**
   * Sends a request and hands over the answer, whatever its status; no redirect is followed. A kept connection that
   * turns out to be dead, with no byte of an answer, is replaced by a new one once.
   *
   * @throws TransportException where there is no whole answer
   * @throws IOException what the sink throws
   */
  public <T> T exchange(HttpRequest request, Sent sent, BodySink<T> sink) throws IOException {
    HttpConnection kept = takeIdle(request.peer());
    if (kept != null) {
      long received = kept.received();
      try {
        return exchange(kept, request, sent, sink);
      } catch (TransportException e) {
        if (e.kind() != Kind.RESET || kept.received() != received) {
          throw e;
        }
      }
    }
    HttpConnection connection = connector.open(request.peer());
    register(connection);
    return exchange(connection, request, sent, sink);
  }

  private <T> T exchange(HttpConnection connection, HttpRequest request, Sent sent, BodySink<T> sink)
      throws IOException {
    try {
      return connection.exchange(request, !ignoringExpect.contains(request.peer()), sent, sink);
    } finally {
      if (connection.ignoresExpect()) {
        ignoringExpect.add(request.peer());
      }
      release(connection);
    }
  }

  private HttpConnection takeIdle(Peer peer) throws IOException {
    while (true) {
      HttpConnection connection;
      synchronized (this) {
        Deque<HttpConnection> kept = idle.get(peer);
        connection = kept == null ? null : kept.pollFirst();
        if (connection == null) {
          return null;
        }
        busy.add(connection);
      }
      if (connection.isFresh(LONGEST_IDLE.toNanos())) {
        return connection;
      }
      synchronized (this) {
        busy.remove(connection);
      }
      connection.close();
    }
  }

  private void register(HttpConnection connection) throws IOException {
    synchronized (this) {
      if (!closed) {
        busy.add(connection);
        return;
      }
    }
    connection.close();
    throw new TransportException(Kind.INTERRUPTED, "the client was closed");
  }

  private void release(HttpConnection connection) throws IOException {
    synchronized (this) {
      busy.remove(connection);
      if (connection.isReusable() && !closed) {
        connection.markIdle();
        idle.computeIfAbsent(connection.peer(), peer -> new ArrayDeque<>()).addFirst(connection);
        return;
      }
    }
    connection.close();
  }

  /** Ends requests that are under way too. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    for (Deque<HttpConnection> kept : idle.values()) {
      for (HttpConnection connection : kept) {
        connection.close();
      }
    }
    idle.clear();
    for (HttpConnection connection : busy) {
      connection.close();
    }
  }
}
