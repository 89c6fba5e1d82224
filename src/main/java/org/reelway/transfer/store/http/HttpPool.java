package org.reelway.transfer.store.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.transfer.http.HostNames;
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

  /** An answer whose body is still on its way. Closing it gives the connection back, or ends it where something is left. */
  public interface Reply extends Closeable {
    HttpAnswer answer();

    InputStream body();
  }

  /**
   * Sends a request and waits for its answer, whatever the status; no redirect is followed. A kept connection that turns
   * out to be dead, with no byte of an answer, is replaced by a new one once.
   *
   * @throws TransportException where there is no whole answer
   */
  public Reply exchange(HttpRequest request, Sent sent) throws IOException {
    HttpConnection kept = takeIdle(request.peer());
    if (kept != null) {
      long received = kept.received();
      try {
        return exchange(kept, request, sent);
      } catch (TransportException e) {
        if (e.kind() != Kind.RESET || kept.received() != received) {
          throw e;
        }
      }
    }
    HttpConnection connection = connector.open(request.peer());
    register(connection);
    return exchange(connection, request, sent);
  }

  private Reply exchange(HttpConnection connection, HttpRequest request, Sent sent) throws IOException {
    HttpAnswer answer = null;
    try {
      answer = connection.exchange(request, !ignoringExpect.contains(request.peer()), sent);
      return new Lease(answer, connection);
    } finally {
      if (connection.ignoresExpect()) {
        ignoringExpect.add(request.peer());
      }
      if (answer == null) {
        release(connection);
      }
    }
  }

  private final class Lease implements Reply {
    private final HttpAnswer answer;
    private final HttpConnection connection;
    private boolean closed;

    Lease(HttpAnswer answer, HttpConnection connection) {
      this.answer = answer;
      this.connection = connection;
    }

    @Override
    public HttpAnswer answer() {
      return answer;
    }

    @Override
    public InputStream body() {
      return connection.answerBody();
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        release(connection);
      }
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
