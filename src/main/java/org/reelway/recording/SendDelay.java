package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Holds marked recordings back until their files were not modified for a time: some media servers mark a file and then
 * write its last bytes. One that was written to after it was marked waits for a short while in any case. The file's own time
 * is compared with itself, from one look to the next, so the wait begins when Reelway first sees the marked file; a file
 * whose time passed once waits no more as long as it stays as it is.
 *
 * <p>A recording with {@link ScratchFiles} beside it waits in any case until these are gone, or nobody has written to them
 * for so long that their writer must be dead: then it is sent as it is, as somebody said that it is finished.
 */
public final class SendDelay {
  private static final int MORE_THAN_KNOWN = 100;
  private static final Duration WRITER_DEAD = Duration.ofMinutes(10);
  private static final Duration LOOKED_AT_EVERY = Duration.ofSeconds(5);
  private static final Duration WRITTEN_LATE = Duration.ofSeconds(10);

  private final Duration delay;
  private final Clock clock;
  private final Map<Path, Look> looks = new HashMap<>();

  private record Look(List<FileIdentity> files, Instant since) {}

  /** @param delay zero holds back only what is, or was, written after it was marked; @param clock steady */
  public SendDelay(Duration delay, Clock clock) {
    this.delay = delay;
    this.clock = clock;
  }

  /**
   * How long the file has to wait still; empty when it may be sent, or is not there.
   *
   * @param markedAt the marker's modification time: both are of one file system, and of one clock
   */
  public synchronized Optional<Duration> left(Path file, Instant markedAt) {
    List<Path> scratch = ScratchFiles.beside(file);
    List<FileIdentity> files;
    try {
      files = identities(file, scratch);
    } catch (IOException missing) {
      looks.remove(file);
      return Optional.empty();
    }
    Duration wait = wait(files.get(0), markedAt, scratch);
    if (wait.isZero()) {
      looks.remove(file);
      return Optional.empty();
    }
    Instant now = clock.instant();
    Look look = looks.get(file);
    if (look == null || !look.files().equals(files)) {
      look = new Look(files, now);
      looks.put(file, look);
    }
    Duration left = wait.minus(Duration.between(look.since(), now));
    if (left.isZero() || left.isNegative()) {
      return Optional.empty();
    }
    // They may go any moment.
    return Optional.of(scratch.isEmpty() || left.compareTo(LOOKED_AT_EVERY) < 0 ? left : LOOKED_AT_EVERY);
  }

  private Duration wait(FileIdentity file, Instant markedAt, List<Path> scratch) {
    Instant modified = Instant.EPOCH.plusNanos(file.modifiedNanos());
    Duration least = !scratch.isEmpty() ? WRITER_DEAD : modified.isAfter(markedAt) ? WRITTEN_LATE : Duration.ZERO;
    return delay.compareTo(least) < 0 ? least : delay;
  }

  private static List<FileIdentity> identities(Path file, List<Path> scratch) throws IOException {
    List<FileIdentity> all = new ArrayList<>(List.of(FileIdentity.of(file)));
    for (Path each : scratch) {
      try {
        all.add(FileIdentity.of(each));
      } catch (IOException goneMeanwhile) {
        // The next look is another one, then.
      }
    }
    return all;
  }

  /** Forgets files that are not waited for any more, once there may be many. */
  public synchronized void forgetUnless(Predicate<Path> stillKnown, int known) {
    if (looks.size() > known + MORE_THAN_KNOWN) {
      looks.keySet().removeIf(stillKnown.negate());
    }
  }
}
