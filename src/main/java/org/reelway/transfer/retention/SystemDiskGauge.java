package org.reelway.transfer.retention;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.reelway.failure.OurFailure;
import org.reelway.media.process.ChildProgram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the operating system; for inodes by the POSIX program {@code df}, as Java has no call for them. */
final class SystemDiskGauge implements DiskGauge {
  private static final Logger LOG = LoggerFactory.getLogger(SystemDiskGauge.class);
  /** A network mount that hangs must not hold up the others for long. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Optional<Path> df =
      Stream.of(Path.of("/bin/df"), Path.of("/usr/bin/df")).filter(Files::isExecutable).findFirst();
  private boolean saidBlind;

  private record Inodes(long free, long all) {
    static final Inodes UNKNOWN = new Inodes(0, 0);
  }

  @Override
  public Optional<DiskSpace> look(Path folder) {
    try {
      String device = Files.getAttribute(folder, "unix:dev").toString();
      Inodes inodes = inodes(folder);
      return Optional.of(
          new DiskSpace(
              device,
              folder.toFile().getUsableSpace(),
              folder.toFile().getTotalSpace(),
              inodes.free(),
              inodes.all()));
    } catch (IOException | UnsupportedOperationException away) {
      return Optional.empty();
    }
  }

  private Inodes inodes(Path folder) {
    if (df.isEmpty()) {
      return Inodes.UNKNOWN;
    }
    List<String> lines = new ArrayList<>();
    try {
      int exitCode =
          new ChildProgram(df.get(), PATIENCE).run(List.of("-Pi", folder.toString()), lines::add).exitCode();
      return exitCode == 0 && lines.size() == 2 ? parsed(lines.get(1)) : Inodes.UNKNOWN;
    } catch (OurFailure e) {
      if (!saidBlind) {
        LOG.warn("free inodes of {} cannot be seen: {}", folder, e.getMessage());
        saidBlind = true;
      }
      return Inodes.UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Inodes.UNKNOWN;
    }
  }

  /**
   * Columns of {@code df -Pi}: file system, inodes, used, free, share, mounted on. The first may hold spaces, the middle
   * four never do, and are {@code -} where the file system does not count inodes.
   */
  private static Inodes parsed(String line) {
    String[] words = line.strip().split("\\s+");
    for (int share = 4; share < words.length; share++) {
      if (words[share].matches("\\d+%")) {
        return new Inodes(Long.parseLong(words[share - 1]), Long.parseLong(words[share - 3]));
      }
    }
    return Inodes.UNKNOWN;
  }
}
