package org.reelway.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A relay in front of the store that lets every byte pass and keeps the heads of the requests. */
public final class SeenRequests implements AutoCloseable {
  private final ServerSocket listener;
  private final URI target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();

  /**
   * @param line such as {@code PUT /bucket/key?partNumber=1&uploadId=u}
   * @param headers by name in lower case
   */
  public record Seen(String line, Map<String, String> headers) {}

  private SeenRequests(ServerSocket listener, URI target) {
    this.listener = listener;
    this.target = target;
  }

  public static SeenRequests of(URI target) {
    try {
      SeenRequests requests = new SeenRequests(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), target);
      daemon(requests::accept);
      return requests;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  public List<Seen> all() {
    return List.copyOf(seen);
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "seen-requests");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(target.getHost(), target.getPort());
        sockets.addAll(List.of(client, server));
        daemon(() -> relay(() -> requests(client.getInputStream(), server.getOutputStream()), client, server));
        daemon(() -> relay(() -> server.getInputStream().transferTo(client.getOutputStream()), client, server));
      } catch (IOException closed) {
        return;
      }
    }
  }

  @FunctionalInterface
  private interface Relaying {
    void run() throws IOException;
  }

  private static void relay(Relaying relaying, Socket client, Socket server) {
    try (client; server) {
      relaying.run();
    } catch (IOException eitherWentAway) {
      // Both are closed now.
    }
  }

  private void requests(InputStream in, OutputStream out) throws IOException {
    while (true) {
      byte[] head = head(in);
      if (head.length == 0) {
        return;
      }
      Seen request = parsed(new String(head, StandardCharsets.ISO_8859_1));
      seen.add(request);
      out.write(head);
      out.flush();
      long left = Long.parseLong(request.headers().getOrDefault("content-length", "0"));
      byte[] buffer = new byte[64 * 1024];
      while (left > 0) {
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (count < 0) {
          return;
        }
        out.write(buffer, 0, count);
        out.flush();
        left -= count;
      }
    }
  }

  private static byte[] head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0;
    while (last != 0x0d0a0d0a) {
      int b = in.read();
      if (b < 0) {
        return new byte[0];
      }
      head.write(b);
      last = last << 8 | b;
    }
    return head.toByteArray();
  }

  private static Seen parsed(String head) {
    String[] lines = head.split("\r\n");
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), lines[i].substring(colon + 1).strip());
    }
    return new Seen(lines[0].replaceAll(" HTTP/1\\.1$", ""), headers);
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
