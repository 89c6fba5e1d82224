package org.reelway.transfer.store;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.reelway.settings.BandwidthPlan;
import org.reelway.transfer.bandwidth.Bandwidth;

/**
 * How close four connections come to a limit: mean, slowest and fastest second, and what it costs, to a store that
 * discards. Run by hand: {@code java -cp target/test-classes:target/classes:…
 * org.reelway.transfer.store.BandwidthAccuracy [RATE [SECONDS]]}.
 */
final class BandwidthAccuracy {
  private static final int CONNECTIONS = 4;
  private static final long PART = 16L << 20;

  private BandwidthAccuracy() {}

  public static void main(String[] arguments) throws Exception {
    String rate = arguments.length > 0 ? arguments[0] : "20MiB/s";
    int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
    Path folder = Files.createTempDirectory("bandwidth-accuracy");
    TestTls tls = TestTls.make(folder, "ip:127.0.0.1");
    Process sink =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-cp",
                System.getProperty("java.class.path"), "org.reelway.transfer.store.DiscardingStore",
                folder.resolve("keys-ip-127-0-0-1.p12").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Path file = folder.resolve("part");
    try (FileChannel part =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      part.write(ByteBuffer.allocate(1), PART - 1);
      String[] ports = sink.inputReader().readLine().split(" ");
      measure(URI.create("http://127.0.0.1:" + ports[0]), tls, part, rate, seconds);
      measure(URI.create("https://127.0.0.1:" + ports[1]), tls, part, rate, seconds);
    } finally {
      sink.destroy();
      try (var files = Files.list(folder)) {
        for (Path each : files.toList()) {
          Files.delete(each);
        }
      }
      Files.delete(folder);
    }
  }

  private static void measure(URI endpoint, TestTls tls, FileChannel part, String rate, int seconds)
      throws Exception {
    OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    LongAdder sent = new LongAdder();
    AtomicBoolean done = new AtomicBoolean();
    List<Thread> senders = new ArrayList<>();
    try (Bandwidth bandwidth = new Bandwidth(BandwidthPlan.parse(rate), Clock.systemDefaultZone());
        S3Store store =
            new S3Store(
                new StoreConnection(
                    endpoint, "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20),
                    new Transport(1024, tls::client, null, bandwidth),
                    StoreCredentials.fixed("access", "secret"), "reelway.store"))) {
      for (int i = 0; i < CONNECTIONS; i++) {
        Thread sender = new Thread(() -> send(store, part, sent, done));
        sender.start();
        senders.add(sender);
      }
      Thread.sleep(2000);
      long from = sent.sum();
      long cpu = system.getProcessCpuTime();
      long began = System.nanoTime();
      long before = from;
      double least = Double.MAX_VALUE;
      double most = 0;
      for (int i = 0; i < seconds; i++) {
        long second = System.nanoTime();
        Thread.sleep(1000);
        long now = sent.sum();
        double mean = (now - before) / ((System.nanoTime() - second) / 1e9) / (1 << 20);
        least = Math.min(least, mean);
        most = Math.max(most, mean);
        before = now;
      }
      double all = (before - from) / ((System.nanoTime() - began) / 1e9) / (1 << 20);
      double cost = (system.getProcessCpuTime() - cpu) / 1e9 / ((before - from) / (double) (1 << 30));
      System.out.printf("%-5s limit %s, %d connections, %d s: mean %.2f MiB/s, seconds from %.2f to %.2f; %.2f CPU s/GiB%n",
          endpoint.getScheme(), rate, CONNECTIONS, seconds, all, least, most, cost);
      done.set(true);
      bandwidth.close();
      for (Thread sender : senders) {
        sender.join();
      }
    }
  }

  private static void send(S3Store store, FileChannel part, LongAdder sent, AtomicBoolean done) {
    while (!done.get()) {
      store.put("bucket", "key", new Body.FileSlice(part, 0, PART), null, ObjectAttributes.NONE, Precondition.NONE,
          sent::add);
    }
  }
}
