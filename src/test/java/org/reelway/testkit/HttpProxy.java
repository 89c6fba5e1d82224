package org.reelway.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A forward proxy on loopback that really forwards: tunnels by CONNECT, and http requests with an absolute address. Asks
 * for a user name and password where it was given some, and can be told to refuse.
 */
public final class HttpProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final String expected;
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile int refusal;
  private volatile String everyHost;

  private HttpProxy(ServerSocket listener, String expected) {
    this.listener = listener;
    this.expected = expected;
  }

  public static HttpProxy open() {
    return start(null);
  }

  public static HttpProxy asking(String username, String password) {
    byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
    return start("Basic " + Base64.getEncoder().encodeToString(pair));
  }

  private static HttpProxy start(String expected) {
    try {
      HttpProxy proxy = new HttpProxy(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), expected);
      daemon(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** The first line of each request that it let through. */
  public List<String> seen() {
    return seen;
  }

  /** From now on each request gets this status; 0 for none. */
  public HttpProxy refusing(int status) {
    refusal = status;
    return this;
  }

  /** Whatever name is asked for is reached at this host: names that only the proxy knows. */
  public HttpProxy reachingAllAt(String host) {
    everyHost = host;
    return this;
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "http-proxy");
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
    try (client) {
      InputStream in = client.getInputStream();
      String head = head(in);
      int status = status(head);
      if (status != 0) {
        say(client, "HTTP/1.1 " + status + " Refused\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n"
            + "Content-Length: 0\r\nConnection: close\r\n\r\n");
        return;
      }
      String line = head.substring(0, head.indexOf("\r\n"));
      seen.add(line);
      String[] words = line.split(" ");
      if (words[0].equals("CONNECT")) {
        int colon = words[1].lastIndexOf(':');
        tunnel(client, words[1].substring(0, colon), Integer.parseInt(words[1].substring(colon + 1)));
      } else {
        forward(client, head, words);
      }
    } catch (IOException ended) {
      // Either side closed.
    } finally {
      sockets.remove(client);
    }
  }

  private int status(String head) {
    boolean authorized = expected == null || head.contains("\r\nProxy-Authorization: " + expected + "\r\n");
    return authorized ? refusal : 407;
  }

  private void tunnel(Socket client, String host, int port) throws IOException {
    try (Socket server = new Socket(everyHost == null ? host : everyHost, port)) {
      sockets.add(server);
      say(client, "HTTP/1.1 200 Connection established\r\n\r\n");
      relayBothWays(client, server);
    }
  }

  /** One request for each connection: the server is asked to close after it. */
  private void forward(Socket client, String head, String[] words) throws IOException {
    URI target = URI.create(words[1]);
    String path = target.getRawPath() + (target.getRawQuery() == null ? "" : "?" + target.getRawQuery());
    String rest = head.substring(head.indexOf("\r\n") + 2).replaceAll("(?i)(?m)^Proxy-Authorization: .*\r\n", "");
    try (Socket server = new Socket(everyHost == null ? target.getHost() : everyHost, target.getPort())) {
      sockets.add(server);
      say(server, words[0] + " " + path + " HTTP/1.1\r\nConnection: close\r\n" + rest);
      relayBothWays(client, server);
    }
  }

  private static void relayBothWays(Socket client, Socket server) throws IOException {
    daemon(() -> {
      try {
        copy(client.getInputStream(), server.getOutputStream());
        server.shutdownOutput();
      } catch (IOException ended) {
        // The other direction ends as well then.
      }
    });
    copy(server.getInputStream(), client.getOutputStream());
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[16 * 1024];
    for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
      to.write(buffer, 0, count);
      to.flush();
    }
  }

  static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("the client closed");
      }
      head.append((char) b);
    }
    return head.toString();
  }

  private static void say(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    to.getOutputStream().flush();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
