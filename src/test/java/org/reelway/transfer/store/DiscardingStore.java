package org.reelway.transfer.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/** A process that takes uploads and throws them away: arguments are keystore paths, none for plain; prints its ports. */
final class DiscardingStore {
  private DiscardingStore() {}

  public static void main(String[] arguments) throws Exception {
    ServerSocket plain = new ServerSocket(0, 64);
    SSLContext tls = TestTls.serving(Path.of(arguments[0]));
    ServerSocket secure = tls.getServerSocketFactory().createServerSocket(0, 64);
    accept(plain);
    accept(secure);
    System.out.println(plain.getLocalPort() + " " + secure.getLocalPort());
    // Ends with the process that started it.
    while (System.in.read() >= 0) {
      Thread.onSpinWait();
    }
    System.exit(0);
  }

  private static void accept(ServerSocket listening) {
    Thread thread = new Thread(() -> {
      while (true) {
        try {
          Socket socket = listening.accept();
          new Thread(() -> serve(socket)).start();
        } catch (IOException e) {
          return;
        }
      }
    });
    thread.setDaemon(true);
    thread.start();
  }

  private static void serve(Socket socket) {
    try (socket; InputStream in = new BufferedInputStream(socket.getInputStream(), 8192)) {
      OutputStream out = socket.getOutputStream();
      byte[] buffer = new byte[1 << 20];
      for (String request = line(in); !request.isEmpty(); request = line(in)) {
        long length = 0;
        boolean ask = false;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
          String lower = header.toLowerCase(java.util.Locale.ROOT);
          length = lower.startsWith("content-length:") ? Long.parseLong(lower.substring(15).strip()) : length;
          ask |= lower.startsWith("expect:");
        }
        if (ask) {
          out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        for (long left = length; left > 0; ) {
          int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
          if (count < 0) {
            return;
          }
          left -= count;
        }
        String body =
            request.contains("?uploads")
                ? "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
                : request.startsWith("POST")
                    ? "<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>"
                    : "";
        out.write(("HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
            .getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // The client went away.
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.append((char) b);
    }
    return line.toString().strip();
  }
}
