package org.reelway.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** What the store itself takes for a chunk and then a playlist, by plain PUTs ten times a second beside what is measured. */
final class StorePuts implements AutoCloseable {
  private static final int MOST = 100_000;

  private final Socket socket;
  private final URI bucket;
  private final byte[] chunk;
  private final byte[] playlist;
  private final long[] nanos = new long[MOST];
  private final Thread thread = new Thread(this::run, "store-puts");
  private volatile int count;
  private volatile boolean ended;

  private StorePuts(URI bucket, byte[] chunk, byte[] playlist) throws IOException {
    this.socket = new Socket(bucket.getHost(), bucket.getPort());
    socket.setTcpNoDelay(true);
    this.bucket = bucket;
    this.chunk = chunk;
    this.playlist = playlist;
  }

  static StorePuts start(SinkProcess sink, int bytes, byte[] playlist) throws IOException {
    URI bucket = URI.create(sink.endpoint(Scheme.HTTP) + "/" + sink.nextBucket() + "/");
    StorePuts puts = new StorePuts(bucket, new byte[bytes], playlist);
    puts.thread.start();
    return puts;
  }

  private void run() {
    try {
      while (!ended && count < MOST) {
        TimeUnit.MILLISECONDS.sleep(100);
        long begun = System.nanoTime();
        put("chunk.ts", chunk);
        put("list.txt", playlist);
        nanos[count] = System.nanoTime() - begun;
        count++;
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("the store does not take a plain PUT: " + e, e);
    }
  }

  private void put(String name, byte[] bytes) throws IOException {
    String head = "PUT " + bucket.getPath() + name + " HTTP/1.1\r\nHost: sink\r\nContent-Length: " + bytes.length + "\r\n\r\n";
    OutputStream out = socket.getOutputStream();
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(bytes);
    InputStream in = socket.getInputStream();
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith("\r\n\r\n")) {
      answer.append((char) in.read());
    }
    if (!answer.toString().startsWith("HTTP/1.1 200")) {
      throw new IOException("it answers " + answer.substring(0, 20));
    }
  }

  /** Half of them take less. */
  double medianMillis() {
    return share(0.5);
  }

  double share(double share) {
    long[] all = Arrays.copyOf(nanos, count);
    Arrays.sort(all);
    return all.length == 0 ? 0 : all[(int) Math.min(all.length - 1L, (long) (all.length * share))] / 1e6;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    ended = true;
    thread.join();
    socket.close();
  }
}
