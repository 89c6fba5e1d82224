package org.reelway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a program to its end and tells what it cost. One at a time: the CPU time of ended children is a difference. */
final class ChildRun {
  private static final long LONGEST_MINUTES = 10;

  private final Path folder;

  ChildRun(Path folder) {
    this.folder = folder;
  }

  /** @throws IOException where the program fails; its last output is in the message */
  Cost run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
    Path log = folder.resolve("run.log");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("RCLONE_"));
    builder.environment().put("HOME", folder.toString());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    double cpu = ProcessFigures.endedChildrenSeconds();
    long begun = System.nanoTime();
    Process process = builder.start();
    double peak = 0;
    while (!process.waitFor(5, TimeUnit.MILLISECONDS)) {
      peak = Math.max(peak, peak(process.toHandle()));
      if (System.nanoTime() - begun > TimeUnit.MINUTES.toNanos(LONGEST_MINUTES)) {
        process.destroyForcibly();
      }
    }
    double wall = (System.nanoTime() - begun) / 1e9;
    if (process.exitValue() != 0) {
      throw new IOException(command.get(0) + " ended with " + process.exitValue() + ": " + end(log));
    }
    return new Cost(ProcessFigures.endedChildrenSeconds() - cpu, wall, peak);
  }

  private static double peak(ProcessHandle root) {
    return Stream.concat(Stream.of(root), root.descendants())
        .mapToDouble(each -> ProcessFigures.peakMebibytes(each.pid()).orElse(0.0))
        .sum();
  }

  private static String end(Path log) throws IOException {
    String text = Files.readString(log);
    return text.substring(Math.max(0, text.length() - 2000));
  }
}
