package org.reelway.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code reelway run} with its shipped routes, as a child process; measured from outside. */
final class SidecarRun implements AutoCloseable {
  private static final long LONGEST_MINUTES = 10;

  private final Process process;
  private final Path recordings;
  private final Path log;
  private final long begun;
  private final Cost start;

  private SidecarRun(Process process, Path recordings, Path log, long begun, Cost start) {
    this.process = process;
    this.recordings = recordings;
    this.log = log;
    this.begun = begun;
    this.start = start;
  }

  /**
   * Returns when it is ready.
   *
   * @param folder of its own: recordings and state are made in it
   * @param settings beside those that are needed, or in their place
   */
  static SidecarRun start(Path folder, SinkProcess sink, Scheme scheme, Map<String, String> settings)
      throws IOException, InterruptedException {
    Path recordings = Files.createDirectories(folder.resolve("recordings"));
    Path log = folder.resolve("reelway.log");
    ProcessBuilder builder = new ProcessBuilder(command(folder, recordings, sink, scheme, settings));
    builder.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
    String wished = builder.environment().getOrDefault("BENCH_JAVA_OPTS", "");
    builder.environment().keySet().removeIf(name -> name.startsWith("REELWAY_S") || name.startsWith("AWS_"));
    builder.environment().putAll(Map.of("REELWAY_STORE_ACCESS_KEY", "access", "REELWAY_STORE_SECRET_KEY", "secret"));
    builder.environment().put("REELWAY_JAVA_OPTS", wished + " -Djavax.net.ssl.trustStore=" + sink.keys().trusted()
        + " -Djavax.net.ssl.trustStorePassword=" + SinkKeys.PASSWORD);
    long begun = System.nanoTime();
    Process process = builder.start();
    while (!Files.readString(log).contains("ready: ")) {
      if (process.waitFor(5, TimeUnit.MILLISECONDS)) {
        throw new IOException("reelway run ended: " + Files.readString(log));
      }
      requireTime(begun, log);
    }
    double wall = (System.nanoTime() - begun) / 1e9;
    return new SidecarRun(process, recordings, log, begun, cost(process, 0, wall));
  }

  private static List<String> command(
      Path folder, Path recordings, SinkProcess sink, Scheme scheme, Map<String, String> settings) {
    List<String> command = new ArrayList<>(List.of(Path.of("reelway").toAbsolutePath().toString(), "run"));
    Map<String, String> all = new HashMap<>(Map.of(
        "reelway.recordings.folder", recordings.toString(),
        "reelway.recordings.settle-time", "0s",
        "reelway.state.folder", folder.resolve("state").toString(),
        "reelway.store.endpoint", sink.endpoint(scheme).toString(),
        "reelway.store.bucket", sink.nextBucket(),
        "reelway.http.port", "0",
        "reelway.management.port", "0"));
    all.putAll(settings);
    all.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    return command;
  }

  Path recordings() {
    return recordings;
  }

  /** From the launcher's first instruction until it says that it is ready. */
  Cost start() {
    return start;
  }

  /** A folder of recordings and their markers appears at once; returns when the last marker has gone. */
  Cost carry(Path prepared) throws IOException, InterruptedException {
    double cpu = ProcessFigures.cpuSeconds(process.pid());
    long since = System.nanoTime();
    Path watched = recordings.resolve(prepared.getFileName());
    Files.move(prepared, watched);
    while (hasMarker(watched)) {
      requireRunning(since);
    }
    return cost(process, cpu, (System.nanoTime() - since) / 1e9);
  }

  /** What it cost since the launcher's first instruction. */
  Cost total() {
    return cost(process, 0, (System.nanoTime() - begun) / 1e9);
  }

  /** What it costs while nothing is given to it. */
  Cost idle(Duration time) throws InterruptedException {
    double cpu = ProcessFigures.cpuSeconds(process.pid());
    long since = System.nanoTime();
    process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
    return cost(process, cpu, (System.nanoTime() - since) / 1e9);
  }

  /** Resident now, MiB. */
  double residentMebibytes() {
    return ProcessFigures.residentMebibytes(process.pid()).orElse(0.0);
  }

  /** @param text of a line that it logs, or did log */
  void awaitLog(String text) throws IOException, InterruptedException {
    long since = System.nanoTime();
    while (!Files.readString(log).contains(text)) {
      requireRunning(since);
    }
  }

  /** @param pattern of an address that it logged, as its first group */
  URI said(String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(log));
    if (!matcher.find()) {
      throw new IOException("the log says no " + pattern);
    }
    return URI.create(matcher.group(1));
  }

  /** Returns when the file has gone. */
  void awaitGone(Path file) throws IOException, InterruptedException {
    long since = System.nanoTime();
    while (Files.exists(file)) {
      requireRunning(since);
    }
  }

  private void requireRunning(long since) throws IOException, InterruptedException {
    if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
      throw new IOException("reelway run ended: " + Files.readString(log));
    }
    requireTime(since, log);
  }

  /** Looks until it finds one: while many are left, the look ends soon. */
  private static boolean hasMarker(Path folder) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.upload")) {
      return entries.iterator().hasNext();
    }
  }

  private static void requireTime(long begun, Path log) throws IOException {
    if (System.nanoTime() - begun > TimeUnit.MINUTES.toNanos(LONGEST_MINUTES)) {
      throw new IOException("not done after " + LONGEST_MINUTES + " minutes: " + Files.readString(log));
    }
  }

  private static Cost cost(Process process, double cpuBefore, double wall) {
    return new Cost(
        ProcessFigures.cpuSeconds(process.pid()) - cpuBefore,
        wall,
        ProcessFigures.peakMebibytes(process.pid()).orElse(0.0));
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

}
