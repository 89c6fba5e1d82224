package org.reelway.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The environment that a process was started with, where the system shows it (Linux does). */
final class ShownEnvironment {
  private static final Path PROCESSES = Path.of("/proc");

  private ShownEnvironment() {}

  /** {@code NAME=value} each; empty also for a process of another user, and for one that has ended. */
  static List<String> of(long pid) {
    try {
      byte[] bytes = Files.readAllBytes(PROCESSES.resolve(Long.toString(pid)).resolve("environ"));
      return List.of(new String(bytes, StandardCharsets.UTF_8).split("\0"));
    } catch (IOException notShown) {
      return List.of();
    }
  }
}
