package org.reelway.media.ffmpeg;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Programs that become what they start, so that the child's id stays the one that is ended: words to put before a command.
 * Where a machine has not such a program, the command runs without it.
 */
public final class Launcher {
  private static final List<Path> FOLDERS = List.of(Path.of("/usr/bin"), Path.of("/bin"));
  private static final Path OWN_STATUS = Path.of("/proc/self/status");
  private static final String ALLOWED = "Cpus_allowed_list:";
  private static final Path STAT = Path.of("/proc/stat");
  /** Some ticks of the kernel's count. */
  private static final long SAMPLE_MILLIS = 200;
  /** Guarded by the class. */
  private static int given = -1;

  /** The lowest priority of processor and disk. */
  public List<String> lowPriority() {
    List<String> words = new ArrayList<>(words("nice", "-n", "19"));
    words.addAll(words("ionice", "-c", "3"));
    return words;
  }

  /**
   * One processor only, of those that this process may use: the idlest, but another one than was given before, whose program may not
   * have begun. Several mixes, of one sidecar or of several on a machine, would wait for each other on the same one.
   */
  public List<String> oneProcessor() {
    try {
      List<Integer> allowed = allowed();
      Map<Integer, Long> before = idle();
      Thread.sleep(SAMPLE_MILLIS);
      Map<Integer, Long> after = idle();
      synchronized (Launcher.class) {
        given = allowed.stream()
            .filter(each -> allowed.size() == 1 || each != given)
            // Of equals the last, as live work is rather on the first.
            .max(Comparator.<Integer>comparingLong(each -> after.getOrDefault(each, 0L) - before.getOrDefault(each, 0L))
                .thenComparing(Comparator.naturalOrder()))
            .orElseThrow();
        return words("taskset", "-c", String.valueOf(given));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException notShown) {
      // Not Linux: there is no such program either.
    }
    return List.of();
  }

  /** Such as 0-3,8 in the kernel's file. */
  private static List<Integer> allowed() throws IOException {
    List<Integer> all = new ArrayList<>();
    for (String line : Files.readAllLines(OWN_STATUS)) {
      for (String range : line.startsWith(ALLOWED) ? line.substring(ALLOWED.length()).strip().split(",") : new String[0]) {
        String[] ends = range.split("-");
        for (int each = Integer.parseInt(ends[0]); each <= Integer.parseInt(ends[ends.length - 1]); each++) {
          all.add(each);
        }
      }
    }
    return all;
  }

  /** Ticks without work since the machine's start, by processor: the fifth word of cpuN (proc_stat(5)). */
  private static Map<Integer, Long> idle() throws IOException {
    Map<Integer, Long> all = new HashMap<>();
    for (String line : Files.readAllLines(STAT)) {
      String[] words = line.split(" +");
      if (words[0].matches("cpu[0-9]+")) {
        all.put(Integer.parseInt(words[0].substring(3)), Long.parseLong(words[4]));
      }
    }
    return all;
  }

  private static List<String> words(String program, String... arguments) {
    for (Path folder : FOLDERS) {
      Path file = folder.resolve(program);
      if (Files.isExecutable(file)) {
        List<String> words = new ArrayList<>(List.of(file.toString()));
        words.addAll(List.of(arguments));
        return words;
      }
    }
    return List.of();
  }
}
