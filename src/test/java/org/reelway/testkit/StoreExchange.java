package org.reelway.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One request of a client on its raw socket. Every answer ends the connection, so that each fault is seen by itself. */
public final class StoreExchange {
  private static final int CHUNK = 64 * 1024;

  private final StoreRequest request;
  private final Socket client;
  private final URI target;
  private long left;
  private boolean toldToGoOn;

  StoreExchange(StoreRequest request, Socket client, URI target) {
    this.request = request;
    this.client = client;
    this.target = target;
    this.left = request.bodyLength();
  }

  public StoreRequest request() {
    return request;
  }

  /** Sends the request on and its answer back. */
  void pass() throws IOException {
    say(forward(-1));
  }

  /**
   * @param flipAt byte of the body whose last bit is turned round; negative for none
   * @return the real store's whole answer
   */
  byte[] forward(long flipAt) throws IOException {
    try (Socket server = toStore()) {
      OutputStream out = server.getOutputStream();
      out.write(headForStore());
      try {
        relayBody(out, flipAt);
        out.flush();
      } catch (IOException answeredEarly) {
        skipBody();
      }
      return server.getInputStream().readAllBytes();
    }
  }

  /**
   * Takes the whole request at once and sends it on later, as a network can do with what a client said before it died.
   *
   * @param wait returns when it is to go on
   */
  byte[] forwardAfter(Runnable wait) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    relayBody(body, -1);
    wait.run();
    try (Socket server = toStore()) {
      server.getOutputStream().write(headForStore());
      body.writeTo(server.getOutputStream());
      server.getOutputStream().flush();
      return server.getInputStream().readAllBytes();
    }
  }

  /** A head and a body that are sent apart do not wait for the acknowledgement between them. */
  private Socket toStore() throws IOException {
    Socket server = new Socket(target.getHost(), target.getPort());
    server.setTcpNoDelay(true);
    return server;
  }

  private byte[] headForStore() {
    StringBuilder head = new StringBuilder();
    for (String line : request.head()) {
      String name = line.toLowerCase(Locale.ROOT);
      if (!name.startsWith("expect:") && !name.startsWith("connection:")) {
        head.append(line).append("\r\n");
      }
    }
    return head.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private void relayBody(OutputStream out, long flipAt) throws IOException {
    byte[] buffer = new byte[CHUNK];
    while (left > 0) {
      long from = request.bodyLength() - left;
      int count = read(buffer, left);
      if (flipAt >= from && flipAt < from + count) {
        buffer[(int) (flipAt - from)] ^= 1;
      }
      out.write(buffer, 0, count);
    }
  }

  private int read(byte[] buffer, long most) throws IOException {
    if (request.asksToGoOn() && !toldToGoOn) {
      say("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      toldToGoOn = true;
    }
    int count = client.getInputStream().read(buffer, 0, (int) Math.min(buffer.length, most));
    if (count < 0) {
      throw new IOException("the client ended its request early");
    }
    left -= count;
    return count;
  }

  void skipBody() throws IOException {
    skipBodyTo(0);
  }

  void skipHalfOfBody() throws IOException {
    skipBodyTo(request.bodyLength() / 2);
  }

  /** As stores refuse: a client that asks before it sends gets its answer then. */
  void skipBodyUnlessAsked() throws IOException {
    if (!request.asksToGoOn()) {
      skipBody();
    }
  }

  private void skipBodyTo(long rest) throws IOException {
    byte[] buffer = new byte[CHUNK];
    while (left > rest) {
      read(buffer, left - rest);
    }
  }

  /** @param body not sent in answer to HEAD, as HTTP wants it */
  void answer(int status, byte[] body) throws IOException {
    String head =
        "HTTP/1.1 " + status + " as told\r\nContent-Type: application/xml\r\nContent-Length: " + body.length
            + "\r\nConnection: close\r\n\r\n";
    say(head.getBytes(StandardCharsets.ISO_8859_1));
    if (!request.method().equals("HEAD")) {
      say(body);
    }
  }

  void say(byte[] bytes) throws IOException {
    client.getOutputStream().write(bytes);
    client.getOutputStream().flush();
  }

  /** RST instead of FIN. */
  void reset() throws IOException {
    client.setSoLinger(true, 0);
    client.close();
  }

  void awaitClientsEnd() throws IOException {
    InputStream in = client.getInputStream();
    while (in.read() >= 0) {
      // Whatever it still says is not answered.
    }
  }
}
