package org.reelway.stream.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A TCP proxy that can stop reading without closing anything, as a receiver does whose program hangs. */
final class FreezingProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean frozen;

  private FreezingProxy(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  static FreezingProxy before(int target) throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReceiveBufferSize(16 * 1024);
    server.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    FreezingProxy proxy = new FreezingProxy(server, target);
    thread(proxy::accept);
    return proxy;
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "freezing-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.addAll(List.of(client, behind));
        thread(() -> copy(client, behind));
        thread(() -> copy(behind, client));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void copy(Socket from, Socket to) {
    try (from; to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[4096];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitThaw();
        out.write(buffer, 0, read);
      }
    } catch (IOException | InterruptedException over) {
      // Both ends are closed.
    }
  }

  private synchronized void awaitThaw() throws InterruptedException {
    while (frozen) {
      wait();
    }
  }

  int port() {
    return server.getLocalPort();
  }

  void freeze() {
    frozen = true;
  }

  synchronized void thaw() {
    frozen = false;
    notifyAll();
  }

  @Override
  public void close() throws IOException {
    thaw();
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
