package org.reelway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.reelway.testkit.HttpCalls.Answer;

/** Requests byte for byte, right and wrong ones, over a connection of their own. */
public final class RawHttp implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;

  private RawHttp(Socket socket) {
    this.socket = socket;
  }

  public static RawHttp to(URI server) {
    try {
      Socket socket = new Socket(server.getHost(), server.getPort());
      socket.setSoTimeout(PATIENCE_MILLIS);
      return new RawHttp(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends the request and reads until the server closes the connection. */
  public static Answer call(URI server, String request) {
    try (RawHttp connection = to(server)) {
      return connection.send(request).answer();
    }
  }

  /** @param text of ASCII */
  public RawHttp send(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** @return status 0 and what came, where it is no answer; the body as it was sent */
  public Answer answer() {
    String text = rest();
    int head = text.indexOf("\r\n\r\n");
    return text.startsWith("HTTP/1.") && head > 0
        ? new Answer(Integer.parseInt(text.substring(9, 12)), text.substring(head + 4))
        : new Answer(0, text);
  }

  /** All that comes until the server closes the connection; a reset ends it too. */
  public String rest() {
    StringBuilder text = new StringBuilder();
    try {
      for (int next = socket.getInputStream().read(); next >= 0; next = socket.getInputStream().read()) {
        text.append((char) next);
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the server keeps the connection open after: " + text, e);
    } catch (IOException reset) {
      return text.toString();
    }
    return text.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
