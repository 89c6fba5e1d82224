package org.reelway.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The way from one sidecar to one server, which a test breaks and mends: connections are reset and refused, or all goes silent, as when
 * a cable is pulled.
 */
public final class TcpLink implements AutoCloseable {
  private enum State { WHOLE, CUT, SILENT }

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private State state = State.WHOLE;

  private TcpLink(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  /** @param port of the server, on loopback; it need not run yet */
  public static TcpLink to(int port) {
    try {
      TcpLink link = new TcpLink(new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1")), port);
      daemon(link::accept);
      return link;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Ends what is open; whoever connects is hung up on. */
  public synchronized void cut() {
    state = State.CUT;
    closeAll();
  }

  /** Nothing passes, and nobody is told. */
  public synchronized void silence() {
    state = State.SILENT;
  }

  /** What went silent is lost, as with a router that forgot it. */
  public synchronized void mend() {
    boolean wasSilent = state == State.SILENT;
    state = State.WHOLE;
    notifyAll();
    if (wasSilent) {
      closeAll();
    }
  }

  private synchronized void awaitNoise() throws InterruptedException {
    while (state == State.SILENT) {
      wait();
    }
  }

  private synchronized boolean isCut() {
    return state == State.CUT;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        sockets.add(client);
        daemon(() -> connect(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(Socket client) {
    try {
      awaitNoise();
      if (isCut()) {
        throw new IOException("cut");
      }
      Socket server = new Socket("127.0.0.1", target);
      server.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      sockets.add(server);
      daemon(() -> pass(client, server));
      pass(server, client);
    } catch (IOException away) {
      close(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] buffer = new byte[16 * 1024];
    try (from; to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitNoise();
        out.write(buffer, 0, read);
      }
    } catch (IOException ended) {
      // Either side closed: both ends are closed here.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "tcp-link");
    thread.setDaemon(true);
    thread.start();
  }

  private void closeAll() {
    sockets.forEach(TcpLink::close);
    sockets.clear();
  }

  private static void close(Socket socket) {
    try (socket) {
      // Reset: the other side need not wait for an end.
      socket.setSoLinger(true, 0);
    } catch (IOException closedAlready) {
      // Both of its threads, and the test, may be at it.
    }
  }

  @Override
  public synchronized void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    state = State.CUT;
    notifyAll();
    closeAll();
  }
}
