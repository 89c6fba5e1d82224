package org.reelway.recording;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    Look look = new Look(List.of(file));
    return !look.written.isEmpty() ? Answer.WRITTEN : look.all && !look.wanted.isEmpty() ? Answer.NOT_WRITTEN : Answer.CANNOT_TELL;
  }

  /** Those that a process has open for writing now, as far as can be seen: one look at all processes, which is dear. */
  public Set<Path> written(Collection<Path> files) {
    return files.isEmpty() ? Set.of() : new Look(files).written;
  }

  private boolean seesAllProcesses() {
    try {
      return Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString().equals(FIRST_NAMESPACE);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** One look at all processes. */
  private final class Look {
    private final Map<Map<String, Object>, Path> wanted = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Set<Path> written = new HashSet<>();
    private boolean all = seesAllProcesses();

    private Look(Collection<Path> files) {
      for (Path file : files) {
        try {
          wanted.put(Files.readAttributes(file, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS), file);
          names.add(file.getFileName().toString());
        } catch (IOException | UnsupportedOperationException e) {
          all = false;
        }
      }
      try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
        processes.forEach(this::lookInto);
      } catch (IOException | DirectoryIteratorException e) {
        all = false;
      }
    }

    private void lookInto(Path process) {
      try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
        for (Path descriptor : descriptors) {
          Path file = wanted(descriptor);
          if (file != null && isForWriting(process, descriptor)) {
            written.add(file);
          }
        }
      } catch (NoSuchFileException ended) {
        // It has nothing open any more.
      } catch (IOException | DirectoryIteratorException hidden) {
        all &= !Files.exists(process);
      }
    }

    /** By name first: asking every descriptor what it is could hang on a network mount. */
    private Path wanted(Path descriptor) throws IOException {
      try {
        Path name = Files.readSymbolicLink(descriptor).getFileName();
        return name != null && names.contains(name.toString())
            ? wanted.get(Files.readAttributes(descriptor, "unix:dev,ino"))
            : null;
      } catch (AccessDeniedException hidden) {
        throw hidden;
      } catch (IOException closedMeanwhile) {
        return null;
      }
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
