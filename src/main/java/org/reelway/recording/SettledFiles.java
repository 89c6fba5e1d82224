package org.reelway.recording;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides when a file that nobody reported has settled: its size and modification time have not changed for the settle
 * time.
 *
 * <p>The file's own time is only compared with itself, never with a clock: network mounts have clocks of their own, and
 * programs set modification times back. So a file that was there before the start, however old, is looked at for one
 * settle time as well.
 *
 * <p>One interval between two looks counts for at most half the settle time, so that at least three looks must agree. A
 * machine that slept, or a clock that was set, thereby settles nothing: the writer slept too.
 *
 * <p>The caller runs {@link org.reelway.media.container.ContainerCheck} on a settled file. If that says incomplete, {@link #incomplete} keeps the
 * file waiting: it settles again after a change, or after a pause that doubles each time, so that a broken file is not
 * parsed at each scan. If the file is taken, {@link #forget} it.
 *
 * <p>Only files that are waiting are held in memory. Safe for use by several threads.
 */
public final class SettledFiles {
  private final Duration settleTime;
  private final Duration longestPause;
  private final Map<Path, Watch> watches = new HashMap<>();

  /**
   * @param settleTime how long a file must stay unchanged; more than zero
   * @param longestPause the most time between two container checks of an incomplete file that does not change
   */
  public SettledFiles(Duration settleTime, Duration longestPause) {
    if (settleTime.isNegative() || settleTime.isZero()) {
      throw new IllegalArgumentException("settle time " + settleTime + " is not more than zero");
    }
    this.settleTime = settleTime;
    this.longestPause = longestPause.compareTo(settleTime) < 0 ? settleTime : longestPause;
  }

  /**
   * Takes note of a look at a file.
   *
   * @param now the time of the look, by one clock for all looks
   */
  public synchronized Settlement observe(Path file, FileState state, Instant now) {
    Watch watch = watches.get(file);
    if (watch == null || !watch.state.equals(state) || now.isBefore(watch.lastLook)) {
      watches.put(file, new Watch(state, now));
      return Settlement.NOT_YET;
    }
    watch.look(now, settleTime.dividedBy(2));
    boolean settled = watch.quiet.compareTo(settleTime) >= 0 && !now.isBefore(watch.notBefore);
    return settled ? Settlement.SETTLED : Settlement.NOT_YET;
  }

  /**
   * Notes that a file had settled, but was not whole. A file that is not waiting (any more) is passed over.
   *
   * @param reason for people, see {@link #heldBack()}
   */
  public synchronized void incomplete(Path file, String reason, Instant now) {
    Watch watch = watches.get(file);
    if (watch != null) {
      Duration doubled = watch.pause.isZero() ? settleTime : watch.pause.multipliedBy(2);
      watch.pause = doubled.compareTo(longestPause) > 0 ? longestPause : doubled;
      watch.notBefore = now.plus(watch.pause);
      watch.reason = reason;
    }
  }

  /** The files that stay unchanged and are not whole, in the order of their paths. */
  public synchronized List<HeldBack> heldBack() {
    return watches.entrySet().stream()
        .filter(entry -> entry.getValue().reason != null)
        .map(entry -> new HeldBack(entry.getKey(), entry.getValue().reason, entry.getValue().firstLook))
        .sorted(Comparator.comparing(HeldBack::file))
        .toList();
  }

  /** The file was taken or is gone. */
  public synchronized void forget(Path file) {
    watches.remove(file);
  }

  /** Forgets all files but these: those that the last scan met. */
  public synchronized void retainOnly(Set<Path> files) {
    watches.keySet().retainAll(files);
  }

  /** The number of files that are waiting. */
  public synchronized int waiting() {
    return watches.size();
  }

  /** The answer to a look. */
  public enum Settlement {
    NOT_YET,
    SETTLED
  }

  /**
   * What shows a change.
   *
   * @param size bytes
   * @param mtimeNanos modification time in nanoseconds since 1970, as exact as the file system gives it
   */
  public record FileState(long size, long mtimeNanos) {}

  /**
   * A file that does not change, but is not whole.
   *
   * @param unchangedSince the first look that saw it as it is
   */
  public record HeldBack(Path file, String reason, Instant unchangedSince) {}

  private static final class Watch {
    private final FileState state;
    private final Instant firstLook;
    private Instant lastLook;
    private Duration quiet = Duration.ZERO;
    private Duration pause = Duration.ZERO;
    private Instant notBefore = Instant.MIN;
    private String reason;

    Watch(FileState state, Instant now) {
      this.state = state;
      this.firstLook = now;
      this.lastLook = now;
    }

    void look(Instant now, Duration most) {
      Duration interval = Duration.between(lastLook, now);
      // Rounded up, so that two halves of an odd number of nanoseconds are a whole.
      quiet = quiet.plus(interval.compareTo(most) > 0 ? most.plusNanos(1) : interval);
      lastLook = now;
    }
  }
}
