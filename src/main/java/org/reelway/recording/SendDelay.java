package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Holds marked recordings back until their files were not modified for a time: some media servers mark a file and then
 * write its last bytes. The file's own time is only compared with itself, from one look to the next, so the wait begins
 * when Reelway first sees the marked file; a file whose time passed once waits no more as long as it stays as it is.
 */
public final class SendDelay {
  private static final int MORE_THAN_KNOWN = 100;

  private final Duration delay;
  private final Clock clock;
  private final Map<Path, Look> looks = new HashMap<>();

  private record Look(FileIdentity identity, Instant since) {}

  /** @param delay zero holds nothing back; @param clock steady */
  public SendDelay(Duration delay, Clock clock) {
    this.delay = delay;
    this.clock = clock;
  }

  /** Whether anything is ever held back. */
  public boolean isOn() {
    return !delay.isZero();
  }

  /** How long the file has to wait still; empty when it may be sent, or is not there. */
  public synchronized Optional<Duration> left(Path file) {
    FileIdentity identity;
    try {
      identity = FileIdentity.of(file);
    } catch (IOException missing) {
      looks.remove(file);
      return Optional.empty();
    }
    Instant now = clock.instant();
    Look look = looks.get(file);
    if (look == null || !look.identity().equals(identity)) {
      look = new Look(identity, now);
      looks.put(file, look);
    }
    Duration left = delay.minus(Duration.between(look.since(), now));
    return left.isZero() || left.isNegative() ? Optional.empty() : Optional.of(left);
  }

  /** Forgets files that are not waited for any more, once there may be many. */
  public synchronized void forgetUnless(Predicate<Path> stillKnown, int known) {
    if (looks.size() > known + MORE_THAN_KNOWN) {
      looks.keySet().removeIf(stillKnown.negate());
    }
  }
}
