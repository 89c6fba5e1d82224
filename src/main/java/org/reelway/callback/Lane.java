package org.reelway.callback;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  /** Nothing should need it: what is new is told. */
  private static final Duration LONGEST_WITHOUT_LOOK = Duration.ofSeconds(30);

  private final String receiver;
  private final StoredCallbacks stored;
  private final Clock clock;
  /** Queues by ids. */
  private final Map<String, String> underWay = new HashMap<>();
  private int failures;
  private String said = "";
  private boolean touched = true;
  private Instant lookedAt = Instant.EPOCH;
  /** When it is worth looking again; null where only an end of what is under way, or a new callback, changes anything. */
  private Instant nextAt;
  private Instant pausedUntil = Instant.MIN;

  Lane(String receiver, StoredCallbacks stored, Clock clock) {
    this.receiver = receiver;
    this.stored = stored;
    this.clock = clock;
  }

  String receiver() {
    return receiver;
  }

  /** Something may be due. */
  synchronized void touch() {
    touched = true;
  }

  /** Somebody saw that something is due then, or was. */
  synchronized void isDueAt(Instant time) {
    nextAt = nextAt == null || time.isBefore(nextAt) ? time : nextAt;
  }

  synchronized boolean isWorthALook() {
    Instant now = clock.instant();
    boolean isOld = now.isBefore(lookedAt) || !now.isBefore(lookedAt.plus(LONGEST_WITHOUT_LOOK));
    return touched || isOld || nextAt != null && !now.isBefore(nextAt);
  }

  /** Those that are to be tried now: each is {@link #begin begun}, or seen again. */
  synchronized List<CallbackRow> due(int most) {
    Instant now = clock.instant();
    lookedAt = now;
    int own = (failures > 0 ? 1 : MOST) - underWay.size();
    int room = Math.min(most, own);
    // The end of another lane's makes room.
    touched = most < own;
    nextAt = null;
    if (now.isBefore(pausedUntil)) {
      nextAt = pausedUntil;
      return List.of();
    }
    if (room <= 0) {
      return List.of();
    }
    List<CallbackRow> due =
        stored.due(receiver, now, room + underWay.size()).stream()
            // Nor one behind it, whatever another node noted meanwhile.
            .filter(row -> !underWay.containsKey(row.id()) && !underWay.containsValue(row.queue()))
            .limit(room)
            .toList();
    if (due.size() < room) {
      nextAt = stored.nextDue(receiver, now).orElse(null);
    }
    return due;
  }

  /** As the last look showed it. */
  synchronized Optional<Instant> next() {
    return Optional.ofNullable(nextAt);
  }

  synchronized void begin(CallbackRow row) {
    underWay.put(row.id(), row.queue());
  }

  synchronized boolean isBusy() {
    return !underWay.isEmpty();
  }

  /** Another node has to do with the receiver from now on. */
  synchronized void forget() {
    failures = 0;
    said = "";
    pausedUntil = Instant.MIN;
  }

  /** The receiver answers. @return whether it had been away until now */
  synchronized boolean answers() {
    boolean wasAway = failures > 0;
    said = wasAway ? "" : said;
    failures = 0;
    pausedUntil = Instant.MIN;
    touched = true;
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
    touched = true;
  }

  /** Somebody says that it is worth a try. */
  synchronized void tryNow() {
    pausedUntil = Instant.MIN;
    touched = true;
  }

  synchronized boolean isAway() {
    return failures > 0;
  }
}
