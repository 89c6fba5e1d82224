package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Whether this machine was started after a file's last change: no process that wrote it then is alive. */
public final class MachineStart {
  /** Those of one machine alone; on others a writer elsewhere may live, by a clock of its own. */
  private static final Set<String> OF_THIS_MACHINE =
      Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "overlay", "jfs", "reiserfs", "bcachefs");

  private final Path uptime;
  private final Clock clock;

  public MachineStart(Clock clock) {
    this(Path.of("/proc/uptime"), clock);
  }

  MachineStart(Path uptime, Clock clock) {
    this.uptime = uptime;
    this.clock = clock;
  }

  /** False where that cannot be told. */
  public boolean isAfter(Path file) {
    try {
      Optional<Instant> start = start();
      boolean local = OF_THIS_MACHINE.contains(Files.getFileStore(file).type());
      return local && start.isPresent() && Files.getLastModifiedTime(file).toInstant().isBefore(start.get());
    } catch (IOException unknown) {
      return false;
    }
  }

  private Optional<Instant> start() {
    try {
      String seconds = Files.readString(uptime).split(" ")[0];
      return Optional.of(clock.instant().minusMillis((long) (Double.parseDouble(seconds) * 1000)));
    } catch (IOException | NumberFormatException unknown) {
      return Optional.empty();
    }
  }
}
