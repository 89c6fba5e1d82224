package org.reelway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What Linux says of a process in /proc (proc(5)). */
final class ProcessFigures {
  /** USER_HZ of every Linux that Java runs on. */
  private static final double TICKS = 100;
  private static final int UTIME = 14;
  private static final int CUTIME = 16;

  private ProcessFigures() {}

  /** User and system seconds of the process itself. */
  static double cpuSeconds(long pid) {
    return seconds(Path.of("/proc/" + pid + "/stat"), UTIME);
  }

  /** User and system seconds of all children of this process that have ended, their children included. */
  static double endedChildrenSeconds() {
    return seconds(Path.of("/proc/self/stat"), CUTIME);
  }

  private static double seconds(Path stat, int field) {
    try {
      String text = Files.readString(stat);
      // The second field is a name in brackets and may hold anything.
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[field - 3]) + Long.parseLong(fields[field - 2])) / TICKS;
    } catch (IOException e) {
      throw new IllegalStateException("this measures on Linux only: " + e, e);
    }
  }

  /** The most memory that was resident at any time, MiB; empty where the process is gone. */
  static Optional<Double> peakMebibytes(long pid) {
    return mebibytes(pid, "VmHWM:");
  }

  /** The memory that is resident now, MiB; empty where the process is gone. */
  static Optional<Double> residentMebibytes(long pid) {
    return mebibytes(pid, "VmRSS:");
  }

  private static Optional<Double> mebibytes(long pid, String field) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith(field))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
          .findFirst();
    } catch (IOException gone) {
      return Optional.empty();
    }
  }
}
