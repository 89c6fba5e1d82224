package org.reelway.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP relay in front of the store that counts what clients send and lets only so many bytes of it pass: with it, a test
 * stops an upload between two parts for as long as it likes, whatever the machine's speed.
 */
public final class SlowWire implements AutoCloseable {
  private static final int CHUNK = 16 * 1024;
  private static final int BUFFERED = 64 * 1024;

  private final ServerSocket listener;
  private final URI target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong passed = new AtomicLong();
  private final Object gate = new Object();
  private long allowed;
  private volatile boolean closed;

  private SlowWire(ServerSocket listener, URI target, long allowed) {
    this.listener = listener;
    this.target = target;
    this.allowed = allowed;
  }

  /** @param allowed bytes that may pass towards the store until {@link #allow} says more */
  public static SlowWire to(URI target, long allowed) {
    try {
      SlowWire wire = new SlowWire(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), target, allowed);
      wire.daemon(wire::accept);
      return wire;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** Bytes that clients sent and that went on to the store, request heads included. */
  public long passed() {
    return passed.get();
  }

  /** Connections to the store that are open now, idle ones included. */
  public int connections() {
    return (sockets.size() + 1) / 2;
  }

  public void allow(long more) {
    synchronized (gate) {
      allowed += more;
      gate.notifyAll();
    }
  }

  public void allowAll() {
    allow(Long.MAX_VALUE / 4);
  }

  /** Breaks every connection: what a killed client left on the wire never arrives. */
  public void cut() {
    closeAll();
  }

  /** Nothing more passes towards the store. */
  public void stall() {
    synchronized (gate) {
      allowed = 0;
    }
  }

  private void daemon(Runnable work) {
    Thread thread = new Thread(work, "slow-wire");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listener.accept();
        sockets.add(client);
        // By themselves they grow to dozens of MiB: what is cut off would have passed already.
        client.setSendBufferSize(BUFFERED);
        Socket server = new Socket();
        server.setReceiveBufferSize(BUFFERED);
        server.connect(new InetSocketAddress(target.getHost(), target.getPort()));
        sockets.add(server);
        daemon(() -> relay(client, server, true));
        daemon(() -> relay(server, client, false));
      } catch (IOException storeAwayOrClosed) {
        closeAll();
      }
    }
  }

  private void closeAll() {
    sockets.forEach(SlowWire::close);
    sockets.clear();
    synchronized (gate) {
      gate.notifyAll();
    }
  }

  private void relay(Socket from, Socket to, boolean counted) {
    byte[] buffer = new byte[CHUNK];
    try (from; to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (counted) {
          pass(from, read);
        }
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException ended) {
      // Either side closed, or was killed: both ends are closed here.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private void pass(Socket from, int bytes) throws InterruptedException, IOException {
    synchronized (gate) {
      while (allowed < bytes && !closed && sockets.contains(from)) {
        gate.wait();
      }
      if (closed || !sockets.contains(from)) {
        throw new IOException("closed");
      }
      allowed -= bytes;
    }
    passed.addAndGet(bytes);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    synchronized (gate) {
      gate.notifyAll();
    }
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    closeAll();
  }
}
