package org.reelway.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The sink as a process of its own, so that its cost is not a client's. */
final class SinkProcess implements AutoCloseable {
  private final Process process;
  private final SinkKeys keys;
  private final String[] ports;
  private volatile Consumer<String> listener = line -> {};
  private int buckets;

  private SinkProcess(Process process, SinkKeys keys, String[] ports) {
    this.process = process;
    this.keys = keys;
    this.ports = ports;
  }

  static SinkProcess start(Path folder) throws Exception {
    SinkKeys keys = SinkKeys.make(folder);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-XX:+UseSerialGC",
                "-cp", System.getProperty("java.class.path"), Sink.class.getName(), keys.keys().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said = process.inputReader();
    String line = said.readLine();
    if (line == null) {
      throw new IOException("the sink did not start");
    }
    SinkProcess sink = new SinkProcess(process, keys, line.split(" "));
    Thread thread = new Thread(() -> said.lines().forEach(each -> sink.listener.accept(each)), "sink-says");
    thread.setDaemon(true);
    thread.start();
    return sink;
  }

  /** Told of each playlist that is readable from now on, in the words of {@link Sink}. */
  void onPlaylist(Consumer<String> listening) {
    listener = listening;
  }

  URI endpoint(Scheme scheme) {
    return URI.create(scheme.word() + "://127.0.0.1:" + ports[scheme == Scheme.HTTP ? 0 : 1]);
  }

  /** One for each run: nobody finds that what it sends is there already. */
  String nextBucket() {
    buckets++;
    return "bucket-" + buckets;
  }

  SinkKeys keys() {
    return keys;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
