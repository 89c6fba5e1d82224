package org.reelway.media.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * TCP connections whose other end takes nothing at this moment: its window is closed, or it acknowledges nothing. The
 * system's buffers take megabytes before the program that writes would notice. A snapshot; where the system does not show
 * it (Linux does, in {@code /proc/net/tcp}), nothing is stuck.
 *
 * <p>Source of the format: proc_net_tcp.rst of the Linux kernel.
 */
public final class StuckSockets {
  private static final Path PROCESSES = Path.of("/proc");
  private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");
  private static final int QUEUES = 4;
  private static final int TIMER = 5;
  private static final int RETRANSMITS = 6;
  private static final int INODE = 9;
  private static final String RETRANSMITTING = "01";
  private static final String PROBING_WINDOW = "04";
  private static final int LOST_NOT_JUST_ONCE = 3;

  /** Nothing is known. */
  public static final StuckSockets NONE = new StuckSockets(Set.of());

  private final Set<String> inodes;
  private final Map<Long, Boolean> answers = new ConcurrentHashMap<>();

  private StuckSockets(Set<String> inodes) {
    this.inodes = inodes;
  }

  /** All of this machine that can be seen. */
  public static StuckSockets now() {
    Set<String> inodes = new HashSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      try {
        Files.readAllLines(PROCESSES.resolve("net").resolve(table)).forEach(line -> read(line, inodes));
      } catch (IOException notShown) {
        // No such system: nothing is known of its sockets.
      }
    }
    return new StuckSockets(inodes);
  }

  /** For tests. */
  static StuckSockets of(List<String> lines) {
    Set<String> inodes = new HashSet<>();
    lines.forEach(line -> read(line, inodes));
    return new StuckSockets(inodes);
  }

  private static void read(String line, Set<String> inodes) {
    String[] words = line.strip().split("\\s+");
    if (words.length <= INODE || !words[TIMER].contains(":")) {
      return;
    }
    boolean waits = !words[QUEUES].startsWith("00000000:");
    String timer = words[TIMER].substring(0, words[TIMER].indexOf(':'));
    boolean unheard = timer.equals(RETRANSMITTING) && number(words[RETRANSMITS]) >= LOST_NOT_JUST_ONCE;
    if (waits && (timer.equals(PROBING_WINDOW) || unheard)) {
      inodes.add(words[INODE]);
    }
  }

  private static int number(String hex) {
    try {
      return Integer.parseInt(hex, 16);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Whether the process has such a connection. */
  public boolean has(long pid) {
    // Asked several times before the next snapshot, and costly where a machine has a connection that is stuck.
    return !inodes.isEmpty() && answers.computeIfAbsent(pid, this::find);
  }

  private boolean find(long pid) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(PROCESSES.resolve(Long.toString(pid)).resolve("fd"))) {
      for (Path file : files) {
        if (isOne(file)) {
          return true;
        }
      }
    } catch (IOException ended) {
      return false;
    }
    return false;
  }

  private boolean isOne(Path file) {
    try {
      Matcher socket = SOCKET.matcher(Files.readSymbolicLink(file).toString());
      return socket.matches() && inodes.contains(socket.group(1));
    } catch (IOException closed) {
      return false;
    }
  }
}
