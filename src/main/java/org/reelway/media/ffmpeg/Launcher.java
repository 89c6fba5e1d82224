package org.reelway.media.ffmpeg;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Programs that become what they start, so that the child's id stays the one that is ended: words to put before a command.
 * Where a machine has not such a program, the command runs without it.
 */
public final class Launcher {
  private static final List<Path> FOLDERS = List.of(Path.of("/usr/bin"), Path.of("/bin"));
  private static final Path OWN_STATUS = Path.of("/proc/self/status");
  private static final String ALLOWED = "Cpus_allowed_list:";

  /** The lowest priority of processor and disk. */
  public List<String> lowPriority() {
    List<String> words = new ArrayList<>(words("nice", "-n", "19"));
    words.addAll(words("ionice", "-c", "3"));
    return words;
  }

  /** One processor only: the last of those that this process may use, as live work is rather on the first. */
  public List<String> oneProcessor() {
    try {
      for (String line : Files.readAllLines(OWN_STATUS)) {
        if (line.startsWith(ALLOWED)) {
          String[] numbers = line.substring(ALLOWED.length()).strip().split("[,-]");
          return words("taskset", "-c", numbers[numbers.length - 1]);
        }
      }
    } catch (IOException notShown) {
      // Not Linux: there is no such program either.
    }
    return List.of();
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
