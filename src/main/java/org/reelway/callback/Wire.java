package org.reelway.callback;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One POST over a connection of its own (RFC 9112). Whoever closes the socket ends every wait. */
final class Wire implements AutoCloseable {
  private static final int LONGEST_HEAD = 32 * 1024;
  private static final int LONGEST_BODY = 16 * 1024;
  private static final int LONGEST_WORDS = 200;
  /** The status has said it all; a body is read only so that the receiver can finish writing it. */
  private static final int BODY_SILENCE_MILLIS = 500;
  private static final long BODY_NANOS = 1_000_000_000L;

  private final Socket socket;
  private final InputStream in;

  Wire(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  AnswerHead post(URI target, Map<String, String> headers, byte[] body) throws IOException {
    OutputStream out = socket.getOutputStream();
    byte[] head = head(target, headers, body.length);
    byte[] all = new byte[head.length + body.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    out.write(all);
    out.flush();
    AnswerHead answer = readHead();
    return answer.with(words(answer));
  }

  private static byte[] head(URI given, Map<String, String> headers, int length) {
    URI target = URI.create(given.toASCIIString());
    String path = target.getRawPath() == null || target.getRawPath().isEmpty() ? "/" : target.getRawPath();
    String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
    StringBuilder head = new StringBuilder("POST " + path + query + " HTTP/1.1\r\n");
    head.append("Host: ").append(Redirect.authority(target)).append("\r\n");
    head.append("Connection: close\r\n");
    head.append("Content-Type: application/json\r\n");
    head.append("Content-Length: ").append(length).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Interim answers (1xx) say nothing. */
  private AnswerHead readHead() throws IOException {
    int[] left = {LONGEST_HEAD};
    while (true) {
      String first = line(left);
      if (!first.matches("HTTP/1\\.[01] [1-5]\\d\\d( .*)?")) {
        throw new IOException("the answer is not HTTP/1.1");
      }
      List<String> lines = new ArrayList<>();
      for (String line = line(left); !line.isEmpty(); line = line(left)) {
        lines.add(line);
      }
      int status = Integer.parseInt(first.substring(9, 12));
      if (status >= 200) {
        return new AnswerHead(status, lines, "");
      }
    }
  }

  private String line(int[] left) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the connection ended before there was an answer");
      }
      if (left[0]-- == 0) {
        throw new IOException("the answer's header lines are longer than " + LONGEST_HEAD + " bytes");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  /** Whatever goes wrong here: the answer is known. */
  private String words(AnswerHead head) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      socket.setSoTimeout(BODY_SILENCE_MILLIS);
      long end = System.nanoTime() + BODY_NANOS;
      int length = length(head);
      byte[] some = new byte[4096];
      while (body.size() < length && System.nanoTime() < end) {
        int count = in.read(some, 0, Math.min(some.length, length - body.size()));
        if (count < 0) {
          break;
        }
        body.write(some, 0, count);
      }
    } catch (SocketTimeoutException quiet) {
      // It may say more, later.
    } catch (IOException broken) {
      // What came until then is enough.
    }
    boolean plain = head.header("Transfer-Encoding").isEmpty();
    return plain ? printable(body.toString(StandardCharsets.UTF_8)) : "";
  }

  private static int length(AnswerHead head) {
    String told = head.header("Content-Length").orElse("");
    return head.status() == 204 ? 0 : told.matches("\\d{1,4}") ? Integer.parseInt(told) : LONGEST_BODY;
  }

  private static String printable(String text) {
    String clean = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return clean.length() > LONGEST_WORDS ? clean.substring(0, LONGEST_WORDS) + "…" : clean;
  }

  @Override
  public void close() throws IOException {
    in.close();
    socket.close();
  }
}
