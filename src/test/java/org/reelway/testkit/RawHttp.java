package org.reelway.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.reelway.testkit.HttpCalls.Answer;

/** Requests byte for byte, right and wrong ones, over a connection of their own. */
public final class RawHttp implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;
  /** Of an answer, in a message: test runners copy messages several times. */
  private static final int MOST_SHOWN = 2_000;

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
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(all);
    } catch (SocketTimeoutException e) {
      String text = all.toString(StandardCharsets.ISO_8859_1);
      throw new AssertionError(
          "the server keeps the connection open after " + text.length() + " bytes: " + text.substring(0, Math.min(MOST_SHOWN, text.length())), e);
    } catch (IOException reset) {
      return all.toString(StandardCharsets.ISO_8859_1);
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  /** How many bytes come until the server closes the connection; a reset ends it too. */
  public long restLength() {
    long length = 0;
    byte[] some = new byte[1 << 16];
    try {
      InputStream in = socket.getInputStream();
      for (int read = in.read(some); read >= 0; read = in.read(some)) {
        length += read;
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the server keeps the connection open after " + length + " bytes", e);
    } catch (IOException reset) {
      return length;
    }
    return length;
  }

  /** The next bytes of what comes; the rest stays where it is. */
  public RawHttp read(int bytes) {
    try {
      int read = socket.getInputStream().readNBytes(bytes).length;
      if (read < bytes) {
        throw new AssertionError("the server closed the connection after " + read + " of " + bytes + " bytes");
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
