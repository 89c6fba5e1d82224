package org.reelway.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** A backend on loopback that notes what it is told, and answers as a test wants it. */
public final class CallbackReceiver implements AutoCloseable {
  private final ServerSocket listener;
  private final List<Received> received = new ArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile Behaviour behaviour = answering(200);

  /** @param headers by their names in small letters */
  public record Received(String method, String path, Map<String, String> headers, String body) {
    public String id() {
      return headers.get("webhook-id");
    }
  }

  /** What it does with a request that it has read. */
  @FunctionalInterface
  public interface Behaviour {
    void answer(Received request, Socket client) throws IOException, InterruptedException;
  }

  public CallbackReceiver() {
    try {
      listener = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  public int port() {
    return listener.getLocalPort();
  }

  public void behave(Behaviour next) {
    behaviour = next;
  }

  /** @param headers whole lines */
  public static Behaviour answering(int status, String... headers) {
    return (request, client) -> write(client, status, headers);
  }

  private static void write(Socket client, int status, String... headers) throws IOException {
    String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    client.getOutputStream()
        .write(("HTTP/1.1 " + status + " so\r\n" + lines + "Content-Length: 2\r\n\r\nok").getBytes(StandardCharsets.UTF_8));
  }

  /** Takes the connection and ends it, as a server that restarts. */
  public static Behaviour closing() {
    return (request, client) -> client.close();
  }

  /** Never says a word. */
  public static Behaviour silent() {
    return (request, client) -> Thread.sleep(600_000);
  }

  /** A byte now and then, without end. */
  public static Behaviour trickling() {
    return (request, client) -> {
      OutputStream out = client.getOutputStream();
      out.write("HTTP/1.1 200 ok\r\nX-Slow: ".getBytes(StandardCharsets.UTF_8));
      while (true) {
        out.write('x');
        out.flush();
        Thread.sleep(20);
      }
    };
  }

  public synchronized List<Received> received() {
    return List.copyOf(received);
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
      Received request = read(new BufferedInputStream(client.getInputStream()));
      synchronized (this) {
        received.add(request);
      }
      behaviour.answer(request, client);
    } catch (IOException | InterruptedException e) {
      // The other side has gone.
    } finally {
      sockets.remove(client);
    }
  }

  private static Received read(InputStream in) throws IOException {
    String[] first = line(in).split(" ");
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String[] pair = line.split(": ", 2);
      headers.put(pair[0].toLowerCase(Locale.ROOT), pair[1]);
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    return new Received(first[0], first[1], headers, new String(body, StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("ended");
      }
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "callback-receiver");
    thread.setDaemon(true);
    thread.start();
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
