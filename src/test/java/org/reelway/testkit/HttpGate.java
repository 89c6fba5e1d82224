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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP server in front of a real one: a test answers some requests itself, after reading their heads, and all others
 * reach the real server byte for byte. One request for each connection.
 */
public final class HttpGate implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: (\\d+)\r\n");

  private final ServerSocket listener;
  private final URI target;
  private final Function<String, Optional<String>> answers;
  private final List<String> passed = new CopyOnWriteArrayList<>();
  private final List<String> answered = new CopyOnWriteArrayList<>();

  private HttpGate(ServerSocket listener, URI target, Function<String, Optional<String>> answers) {
    this.listener = listener;
    this.target = target;
    this.answers = answers;
  }

  /**
   * @param target null where the test answers everything
   * @param answers from a request's head to a whole answer, empty to let it pass; called by many threads
   */
  public static HttpGate before(URI target, Function<String, Optional<String>> answers) {
    try {
      HttpGate gate =
          new HttpGate(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), target, answers);
      daemon(gate::accept);
      return gate;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An answer with a body of text. */
  public static String answer(int status, String body) {
    return "HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body;
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** The heads of the requests that reached the real server. */
  public List<String> passed() {
    return passed;
  }

  /** The heads of the requests that the test answered. */
  public List<String> answered() {
    return answered;
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "http-gate");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        daemon(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      OutputStream out = client.getOutputStream();
      String head = HttpProxy.head(in);
      boolean asks = head.contains("\r\nExpect: 100-continue\r\n");
      Optional<String> own = answers.apply(head);
      if (own.isPresent()) {
        answered.add(head);
        if (!asks) {
          in.skipNBytes(length(head));
        }
        out.write(own.get().getBytes(StandardCharsets.ISO_8859_1));
        return;
      }
      passed.add(head);
      if (asks) {
        out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      }
      forward(head.replace("\r\nExpect: 100-continue\r\n", "\r\n"), in, out);
    } catch (IOException ended) {
      // Either side closed.
    }
  }

  private static long length(String head) {
    Matcher length = LENGTH.matcher(head);
    return length.find() ? Long.parseLong(length.group(1)) : 0;
  }

  private void forward(String head, InputStream in, OutputStream out) throws IOException {
    try (Socket server = new Socket(target.getHost(), target.getPort())) {
      OutputStream to = server.getOutputStream();
      to.write(head.replaceFirst("\r\n", "\r\nConnection: close\r\n").getBytes(StandardCharsets.ISO_8859_1));
      byte[] buffer = new byte[64 * 1024];
      for (long left = length(head); left > 0; ) {
        int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (count < 0) {
          throw new IOException("the client closed");
        }
        to.write(buffer, 0, count);
        left -= count;
      }
      server.getInputStream().transferTo(out);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
