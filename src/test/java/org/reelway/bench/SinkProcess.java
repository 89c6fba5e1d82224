package org.reelway.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** The sink as a process of its own, so that its cost is not a client's. */
final class SinkProcess implements AutoCloseable {
  private final Process process;
  private final SinkKeys keys;
  private final String[] ports;
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
    String line = process.inputReader().readLine();
    if (line == null) {
      throw new IOException("the sink did not start");
    }
    return new SinkProcess(process, keys, line.split(" "));
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
