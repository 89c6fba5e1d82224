package org.reelway.callback;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.reelway.state.CallbackRow;
import org.reelway.state.StoredCallbacks;
import org.reelway.transfer.Backoff;

/**
 * What is under way to one receiver. While the receiver is away, one callback at a time tries whether it is back; all
 * others are left alone, so that thousands that wait do not become thousands of tries. Safe for several threads.
 */
final class Lane {
  /** Deliveries to one receiver at the same time, of different queues. */
  private static final int MOST = 4;

  private final String receiver;
  private final StoredCallbacks stored;
  private final Clock clock;
  private final Set<String> underWay = new HashSet<>();
  private int failures;
  private String said = "";
  private Instant lookedAt = Instant.MIN;
  private Instant pausedUntil = Instant.MIN;

  Lane(String receiver, StoredCallbacks stored, Clock clock) {
    this.receiver = receiver;
    this.stored = stored;
    this.clock = clock;
  }

  String receiver() {
    return receiver;
  }

  /** Those that are to be tried now; they count as under way from here on. */
  synchronized List<CallbackRow> take(int most) {
    Instant now = clock.instant();
    lookedAt = now;
    int room = Math.min(most, (failures > 0 ? 1 : MOST) - underWay.size());
    if (room <= 0 || now.isBefore(pausedUntil)) {
      return List.of();
    }
    List<CallbackRow> due =
        stored.due(receiver, now, room + underWay.size()).stream()
            .filter(row -> !underWay.contains(row.id()))
            .limit(room)
            .toList();
    due.forEach(row -> underWay.add(row.id()));
    return due;
  }

  /** When it is worth looking again; empty where only an end of what is under way, or a new callback, changes anything. */
  synchronized Optional<Instant> next() {
    return lookedAt.isBefore(pausedUntil) ? Optional.of(pausedUntil) : stored.nextDue(receiver, lookedAt);
  }

  /** The receiver answers. @return whether it had been away until now */
  synchronized boolean answers() {
    boolean wasAway = failures > 0;
    said = wasAway ? "" : said;
    failures = 0;
    pausedUntil = Instant.MIN;
    return wasAway;
  }

  /**
   * The receiver takes nothing.
   *
   * @param longer at least this; null for no wish
   * @param backoff between tries while it is away
   */
  synchronized void away(Duration longer, Backoff backoff) {
    failures++;
    Duration pause = backoff.after(failures);
    Instant until = clock.instant().plus(longer != null && longer.compareTo(pause) > 0 ? longer : pause);
    pausedUntil = until.isAfter(pausedUntil) ? until : pausedUntil;
  }

  /** @return whether that was not what was said last: it is worth a line in the log */
  synchronized boolean isNews(String problem) {
    boolean isNews = !said.equals(problem);
    said = problem;
    return isNews;
  }

  synchronized void done(String id) {
    underWay.remove(id);
  }

  /** Somebody says that it is worth a try. */
  synchronized void tryNow() {
    pausedUntil = Instant.MIN;
  }

  synchronized boolean isAway() {
    return failures > 0;
  }
}
