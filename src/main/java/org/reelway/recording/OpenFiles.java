package org.reelway.recording;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Whether a process of this machine has a file open for writing, as far as {@code /proc} tells (proc(5)). */
public final class OpenFiles {
  /** The inode of the first process-id namespace (Linux, include/linux/proc_ns.h): all processes are seen from it. */
  private static final String FIRST_NAMESPACE = "pid:[4026531836]";

  private final Path proc;

  public OpenFiles() {
    this(Path.of("/proc"));
  }

  /** @param proc where the system tells of its processes */
  public OpenFiles(Path proc) {
    this.proc = proc;
  }

  /** What could be seen. */
  public enum Answer {
    /** A process has it open for writing now. */
    WRITTEN,
    /** Every process of the machine was looked at, and none has. */
    NOT_WRITTEN,
    /** None that could be looked at has; others are hidden, as those of other containers are. */
    CANNOT_TELL
  }

  public Answer look(Path file) {
    boolean all = seesAllProcesses();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      Map<String, Object> wanted = Files.readAttributes(file, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
      for (Path process : processes) {
        Answer answer = look(process, file.getFileName().toString(), wanted);
        if (answer == Answer.WRITTEN) {
          return answer;
        }
        all &= answer == Answer.NOT_WRITTEN;
      }
      return all ? Answer.NOT_WRITTEN : Answer.CANNOT_TELL;
    } catch (IOException | DirectoryIteratorException | UnsupportedOperationException e) {
      return Answer.CANNOT_TELL;
    }
  }

  private boolean seesAllProcesses() {
    try {
      return Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString().equals(FIRST_NAMESPACE);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static Answer look(Path process, String name, Map<String, Object> wanted) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (isSame(descriptor, name, wanted) && isForWriting(process, descriptor)) {
          return Answer.WRITTEN;
        }
      }
      return Answer.NOT_WRITTEN;
    } catch (NoSuchFileException ended) {
      return Answer.NOT_WRITTEN;
    } catch (IOException | DirectoryIteratorException hidden) {
      return Files.exists(process) ? Answer.CANNOT_TELL : Answer.NOT_WRITTEN;
    }
  }

  /** By name first: asking every descriptor what it is could hang on a network mount. */
  private static boolean isSame(Path descriptor, String name, Map<String, Object> wanted) throws IOException {
    try {
      if (!Files.readSymbolicLink(descriptor).endsWith(name)) {
        return false;
      }
      Map<String, Object> open = Files.readAttributes(descriptor, "unix:dev,ino");
      return open.get("ino").equals(wanted.get("ino")) && open.get("dev").equals(wanted.get("dev"));
    } catch (AccessDeniedException hidden) {
      throw hidden;
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  /** The last octal digit of the flags is the access mode: 0 for reading alone. */
  private static boolean isForWriting(Path process, Path descriptor) {
    try {
      List<String> lines = Files.readAllLines(process.resolve("fdinfo").resolve(descriptor.getFileName()));
      return lines.stream()
          .filter(line -> line.startsWith("flags:"))
          .noneMatch(line -> (line.charAt(line.length() - 1) & 3) == 0);
    } catch (IOException unknown) {
      return true;
    }
  }
}
