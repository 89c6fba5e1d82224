package org.reelway.transfer.store;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What an upload costs: process CPU seconds per GiB, beside {@code curl -T} to the same discarding store. Run by hand:
 * {@code java -Xmx64m -cp target/test-classes:target/classes:… org.reelway.transfer.store.UploadCost [GiB]}; each
 * upload is a process of its own.
 */
final class UploadCost {
  private static final long GIB = 1L << 30;
  private static final long PART = 16L << 20;

  private UploadCost() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 4) {
      upload(URI.create(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]),
          ChecksumKind.valueOf(arguments[3]));
      return;
    }
    compare(arguments.length == 0 ? 2 : Long.parseLong(arguments[0]));
  }

  private static void compare(long gibibytes) throws Exception {
    Path folder = Files.createTempDirectory("upload-cost");
    Path file = folder.resolve("file");
    TestTls tls = TestTls.make(folder, "ip:127.0.0.1");
    String keys = folder.resolve("keys-ip-127-0-0-1.p12").toString();
    fill(file, gibibytes * GIB);
    Process sink = java("DiscardingStore", keys).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      String[] ports = sink.inputReader().readLine().split(" ");
      for (String base : List.of("http://127.0.0.1:" + ports[0], "https://127.0.0.1:" + ports[1])) {
        curl(base, file, tls.certificate(), gibibytes);
        for (ChecksumKind kind : ChecksumKind.values()) {
          java("UploadCost", base, file.toString(), keys, kind.name()).inheritIO().start().waitFor();
        }
      }
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

  private static ProcessBuilder java(String main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:+UseSerialGC",
                "-cp", System.getProperty("java.class.path"), "org.reelway.transfer.store." + main));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  private static void curl(String base, Path file, Path certificate, long gibibytes) throws Exception {
    Process curl =
        new ProcessBuilder("bash", "-c", "TIMEFORMAT='%U %S'; time curl -s --cacert \"$2\" -T \"$1\" \"$3/b/k\"",
                "curl", file.toString(), certificate.toString(), base)
            .redirectErrorStream(true)
            .start();
    String[] seconds = curl.inputReader().readLine().split(" ");
    System.out.printf("%-5s curl -T                  %.2f CPU s/GiB%n", base.split(":")[0],
        (Double.parseDouble(seconds[0]) + Double.parseDouble(seconds[1])) / gibibytes);
  }

  private static void fill(Path file, long size) throws Exception {
    ByteBuffer block = ByteBuffer.allocate(1 << 20);
    new Random(1).nextBytes(block.array());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long done = 0; done < size; done += block.capacity()) {
        channel.write(block.clear());
      }
    }
  }

  private static void upload(URI endpoint, Path file, Path keys, ChecksumKind kind) throws Exception {
    OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    StoreConnection connection =
        new StoreConnection(endpoint, "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20),
            StoreCredentials.fixed("access", "secret"), TestTls.trusting(keys));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (S3Store store = new S3Store(connection);
        FileChannel channel = FileChannel.open(file)) {
      double gibibytes = channel.size() / (double) GIB;
      upload(store, channel, kind, threads);
      long first = system.getProcessCpuTime();
      long start = System.nanoTime();
      upload(store, channel, kind, threads);
      double seconds = (System.nanoTime() - start) / 1e9;
      long second = system.getProcessCpuTime() - first;
      String rss = Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmHWM")).findFirst().orElse("").replaceAll("\\D", "");
      System.out.printf(
          "%-5s Reelway %-9s %.2f CPU s/GiB; the first upload with the JVM's start %.2f; %.0f MiB/s; peak RSS %d MiB%n",
          endpoint.getScheme(), kind, second / 1e9 / gibibytes, first / 1e9 / gibibytes, gibibytes * 1024 / seconds,
          Long.parseLong(rss) / 1024);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void upload(S3Store store, FileChannel channel, ChecksumKind kind, ExecutorService threads)
      throws Exception {
    String id = store.createMultipart("bucket", "key", ObjectAttributes.NONE, kind);
    List<Future<StoredPart>> parts = new ArrayList<>();
    for (long offset = 0; offset < channel.size(); offset += PART) {
      Body body = new Body.FileSlice(channel, offset, Math.min(PART, channel.size() - offset));
      int number = (int) (offset / PART) + 1;
      parts.add(threads.submit(() ->
          store.uploadPart("bucket", "key", id, number, body, Checksums.of(kind, body), Sent.NOBODY)));
    }
    List<StoredPart> stored = new ArrayList<>();
    for (Future<StoredPart> part : parts) {
      stored.add(part.get());
    }
    store.completeMultipart("bucket", "key", id, stored, null, Precondition.NONE);
  }
}
