package org.reelway.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/** TLS in front of a plain server. */
public final class TlsFront implements AutoCloseable {
  private final ServerSocket listener;
  private final URI target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private TlsFront(ServerSocket listener, URI target) {
    this.listener = listener;
    this.target = target;
  }

  public static TlsFront before(URI target, SSLContext tls) {
    return before(target, tls, 0);
  }

  public static TlsFront before(URI target, SSLContext tls, int port) {
    try {
      TlsFront front =
          new TlsFront(
              tls.getServerSocketFactory().createServerSocket(port, 50, InetAddress.getByName("127.0.0.1")), target);
      daemon(front::accept);
      return front;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  public URI endpoint() {
    return URI.create("https://127.0.0.1:" + port());
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "tls-front");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        sockets.add(client);
        daemon(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client; Socket server = new Socket(target.getHost(), target.getPort())) {
      sockets.add(server);
      daemon(() -> {
        try {
          copy(client.getInputStream(), server.getOutputStream());
          server.shutdownOutput();
        } catch (IOException ended) {
          close(server);
        }
      });
      copy(server.getInputStream(), client.getOutputStream());
    } catch (IOException ended) {
      // Either side closed, or the handshake failed: the client says why.
    } finally {
      sockets.remove(client);
    }
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[16 * 1024];
    for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
      to.write(buffer, 0, count);
      to.flush();
    }
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
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(TlsFront::close);
  }
}
