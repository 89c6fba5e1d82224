package org.reelway.transfer.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A socket that does, connection by connection, what a test says, so that a fault comes at the very byte. */
final class ScriptedServer implements AutoCloseable {
  /** One connection's part. The connection is closed when it returns. */
  @FunctionalInterface
  interface Script {
    void play(Connection connection) throws IOException, InterruptedException;
  }

  private final ServerSocket listening;
  private final Queue<Script> scripts;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  ScriptedServer(Script... scripts) throws IOException {
    this(new ServerSocket(0, 16, InetAddress.getLoopbackAddress()), scripts);
  }

  ScriptedServer(ServerSocket listening, Script... scripts) {
    this.listening = listening;
    this.scripts = new ConcurrentLinkedQueue<>(List.of(scripts));
    Thread thread = new Thread(this::run, "scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    for (Script script = scripts.poll(); script != null; script = scripts.poll()) {
      try {
        Socket socket = listening.accept();
        sockets.add(socket);
        Script part = script;
        Thread thread = new Thread(() -> play(part, socket), "scripted-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void play(Script script, Socket socket) {
    try (socket) {
      script.play(new Connection(socket));
    } catch (IOException | InterruptedException e) {
      // The client went away, or the test is over.
    }
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  /** The heads of all requests so far. */
  List<String> requests() {
    return requests;
  }

  int connections() {
    return sockets.size();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    listening.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** The server's end of a connection. */
  final class Connection {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    /** Reads a request's head, not its body. */
    String head() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int b = in.read();
        if (b < 0) {
          throw new IOException("the client closed");
        }
        head.append((char) b);
      }
      requests.add(head.toString());
      return head.toString();
    }

    /** Reads a whole request and returns its head. */
    String request() throws IOException {
      String head = head();
      for (String line : head.split("\r\n")) {
        if (line.startsWith("Content-Length: ")) {
          in.skipNBytes(Long.parseLong(line.substring(16)));
        }
      }
      return head;
    }

    void skip(long bytes) throws IOException {
      in.skipNBytes(bytes);
    }

    void read(int count, java.util.zip.Checksum checksum) throws IOException {
      byte[] bytes = in.readNBytes(count);
      checksum.update(bytes, 0, bytes.length);
    }

    void say(String bytes) throws IOException {
      out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    void answer(int status, String headers, String body) throws IOException {
      say("HTTP/1.1 " + status + " X\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** Closes so that the client sees a reset rather than an end. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
    }

    /** Does nothing until the test is over. */
    void silence() throws InterruptedException {
      closed.await();
    }

    /** Says a text again and again, a byte at a time with a pause after each, until the client has had enough. */
    void trickle(String text, int pauseMillis) throws IOException, InterruptedException {
      for (int i = 0; !closed.await(pauseMillis, java.util.concurrent.TimeUnit.MILLISECONDS); i++) {
        say(text.substring(i % text.length(), i % text.length() + 1));
      }
    }

    /** Waits until the client has closed its side, discarding what it sends. */
    void awaitEnd() throws IOException {
      in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
