package org.reelway.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Executors;

/**
 * Gives files of a folder as a media server gives streams by HTTP: an FLV at its timestamps, each time from its beginning, and
 * as fast as it can after a jump of them; anything else at once.
 */
public final class FlvServer implements AutoCloseable {
  private static final int FILE_HEADER = 13;
  private static final int LONGEST_WAIT = 200;

  private final Path folder;
  private final int speed;
  private final HttpServer server;

  private FlvServer(Path folder, int speed) throws IOException {
    this.folder = folder;
    this.speed = speed;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::give);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
  }

  /** @param speed how many seconds of a stream in one; 0 for as fast as it is read */
  public static FlvServer of(Path folder, int speed) throws IOException {
    return new FlvServer(folder, speed);
  }

  /** @param file below the folder */
  public String uri(String file) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + file;
  }

  private void give(HttpExchange exchange) throws IOException {
    byte[] all = Files.readAllBytes(folder.resolve(exchange.getRequestURI().getPath().substring(1)));
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      if (speed == 0 || all[0] != 'F') {
        out.write(all);
        return;
      }
      out.write(all, 0, FILE_HEADER);
      long before = 0;
      for (int at = FILE_HEADER; at < all.length; ) {
        int size = (ByteBuffer.wrap(all).getInt(at) & 0xffffff) + 15;
        long time = (all[at + 7] & 0xffL) << 24 | ByteBuffer.wrap(all).getInt(at + 4) >>> 8;
        if (time > before) {
          Thread.sleep(Math.min(LONGEST_WAIT, time - before) / speed);
        }
        before = time;
        out.write(Arrays.copyOfRange(all, at, at + size));
        out.flush();
        at += size;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
