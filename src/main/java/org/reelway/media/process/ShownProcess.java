package org.reelway.media.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the system shows of a process beside what Java tells; Linux does, others show nothing. */
final class ShownProcess {
  private static final Path PROCESSES = Path.of("/proc");
  private static final String ZOMBIE = ") Z ";

  private ShownProcess() {}

  /** What it was started with, {@code NAME=value} each; empty also for one of another user, and one that has ended. */
  static List<String> environment(long pid) {
    return List.of(text(pid, "environ").split("\0"));
  }

  /**
   * Whether it runs: one that has ended stays in the list until its parent looks, which in a container may be never.
   *
   * <p>Source of the format: proc(5), {@code /proc/pid/stat}.
   */
  static boolean runs(ProcessHandle process) {
    return process.isAlive() && !text(process.pid(), "stat").contains(ZOMBIE);
  }

  private static String text(long pid, String file) {
    try {
      return new String(
          Files.readAllBytes(PROCESSES.resolve(Long.toString(pid)).resolve(file)), StandardCharsets.UTF_8);
    } catch (IOException notShown) {
      return "";
    }
  }
}
