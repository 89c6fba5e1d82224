package org.reelway.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A TCP relay in front of a store that notes when the first byte of each object's PUT, or of its POST, comes in. */
final class PutWatch implements AutoCloseable {
  private final ServerSocket listener;
  private final URI target;
  private final Map<String, BlockingQueue<Long>> arrivals = new ConcurrentHashMap<>();

  PutWatch(URI target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    daemon(this::accept);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** @return {@link System#nanoTime} of the first byte; @throws IllegalStateException when none came in a minute */
  long await(String key) throws InterruptedException {
    Long at = arrivals(key).poll(1, TimeUnit.MINUTES);
    if (at == null) {
      throw new IllegalStateException(key + " was not sent within a minute");
    }
    return at;
  }

  private BlockingQueue<Long> arrivals(String key) {
    return arrivals.computeIfAbsent(key, any -> new LinkedBlockingQueue<>());
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "put-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(target.getHost(), target.getPort());
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        daemon(() -> relay(client, server, true));
        daemon(() -> relay(server, client, false));
      }
    } catch (IOException closed) {
      // The measurement is over.
    }
  }

  private void relay(Socket from, Socket to, boolean noted) {
    byte[] buffer = new byte[16 * 1024];
    try (from; to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (noted) {
          note(new String(buffer, 0, Math.min(read, 1024), StandardCharsets.ISO_8859_1), System.nanoTime());
        }
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException ended) {
      // Either side closed.
    }
  }

  /** A client writes a request's head at once, and nothing before the answer to the last request came. */
  private void note(String chunk, long at) {
    int end = chunk.indexOf(" HTTP/1.1");
    boolean sends = chunk.startsWith("PUT /") || chunk.startsWith("POST /");
    if (sends && end > 0) {
      String path = chunk.substring(chunk.indexOf('/'), end);
      String key = path.replaceAll("\\?.*", "").replaceFirst("^/[^/]*/", "");
      arrivals(key).add(at);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
