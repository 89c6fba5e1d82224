package org.reelway.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The outbox of callbacks. All that changes it goes through the one writer, so that "the first of its queue" is always
 * known: that one alone has a due time.
 */
public final class StoredCallbacks {
  private static final int LONGEST_PROBLEM = 1024;
  private static final int LONGEST_ABOUT = 4096;
  private static final String ALL_BUT_BODY =
      "id, seq, kind, receiver, queue, about, created_at, waits_since, state, due_at, tries, tried_at, status, problem, done_at";
  private static final String FIRST_OF_QUEUE =
      "UPDATE callback SET due_at = ? WHERE due_at IS NULL AND id = (SELECT id FROM callback"
          + " WHERE receiver = ? AND queue = ? AND state = 'waiting' ORDER BY seq LIMIT 1)";

  private final Jdbi jdbi;
  private final StateWriter writer;
  private final Clock clock;
  private final AtomicLong lastNumber;

  public StoredCallbacks(Jdbi jdbi, StateWriter writer, Clock clock) {
    this.jdbi = jdbi;
    this.writer = writer;
    this.clock = clock;
    this.lastNumber =
        new AtomicLong(
            jdbi.withHandle(
                handle ->
                    handle.createQuery("SELECT COALESCE(MAX(seq), 0) FROM callback").mapTo(Long.class).one()));
  }

  /** @param oldest since when the oldest waits; null where none does */
  public record Counts(long waiting, long delivered, long dead, Instant oldest) {}

  /**
   * Stores one, unless one of its id is there, whatever its state.
   *
   * @return completed once it is on disk
   */
  public CompletableFuture<Void> add(
      String id, String kind, String receiver, String queue, String about, String body) {
    long now = clock.millis();
    String shown = about.length() > LONGEST_ABOUT ? about.substring(0, LONGEST_ABOUT) : about;
    return writer.writeDurably(
        changes -> {
          int added =
              changes.execute(
                  "INSERT INTO callback (id, seq, kind, receiver, queue, about, body, created_at, waits_since, state,"
                      + " tries) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 0) ON CONFLICT (id) DO NOTHING",
                  id, lastNumber.incrementAndGet(), kind, receiver, queue, shown, body, now, now);
          if (added > 0) {
            changes.execute(FIRST_OF_QUEUE, now, receiver, queue);
          }
        });
  }

  /** The receiver has it. */
  public CompletableFuture<Void> delivered(CallbackRow row, int status) {
    return done(row, CallbackRow.DELIVERED, status, null);
  }

  /** It is not tried any more, unless somebody replays it. */
  public CompletableFuture<Void> dead(CallbackRow row, int status, String problem) {
    return done(row, CallbackRow.DEAD, status, problem);
  }

  private CompletableFuture<Void> done(CallbackRow row, String state, int status, String problem) {
    long now = clock.millis();
    return writer.writeDurably(
        changes -> {
          changes.execute(
              "UPDATE callback SET state = ?, due_at = NULL, tries = tries + 1, tried_at = ?, status = ?, problem = ?,"
                  + " done_at = ? WHERE id = ?",
              state, now, status, cut(problem), now, row.id());
          changes.execute(FIRST_OF_QUEUE, now, row.receiver(), row.queue());
        });
  }

  /** It was tried in vain and waits. */
  public CompletableFuture<Void> failed(CallbackRow row, int status, String problem, Instant next) {
    long now = clock.millis();
    return writer.writeDurably(
        changes ->
            changes.execute(
                "UPDATE callback SET tries = tries + 1, tried_at = ?, status = ?, problem = ?, due_at = ? WHERE id = ?",
                now, status, cut(problem), next.toEpochMilli(), row.id()));
  }

  private static String cut(String problem) {
    return problem == null || problem.length() <= LONGEST_PROBLEM ? problem : problem.substring(0, LONGEST_PROBLEM);
  }

  /** One that was delivered or given up waits again, behind what waits in its queue; nothing for any other. */
  public CompletableFuture<Void> again(CallbackRow row) {
    long now = clock.millis();
    return writer.writeDurably(
        changes -> {
          changes.execute(
              "UPDATE callback SET state = 'waiting', seq = ?, waits_since = ?, due_at = NULL, done_at = NULL"
                  + " WHERE id = ? AND state <> 'waiting'",
              lastNumber.incrementAndGet(), now, row.id());
          changes.execute(FIRST_OF_QUEUE, now, row.receiver(), row.queue());
        });
  }

  /** What waits for a later try of this receiver is due now. */
  public CompletableFuture<Void> hurry(String receiver) {
    long now = clock.millis();
    return writer.writeDurably(
        changes ->
            changes.execute(
                "UPDATE callback SET due_at = ? WHERE receiver = ? AND state = 'waiting' AND due_at > ?",
                now, receiver, now));
  }

  /** Also where two programs wrote: every queue in which something waits has one that is due. */
  public CompletableFuture<Void> mendQueues() {
    long now = clock.millis();
    return writer.writeDurably(
        changes ->
            changes.execute(
                "UPDATE callback SET due_at = ? WHERE state = 'waiting' AND due_at IS NULL AND NOT EXISTS (SELECT 1"
                    + " FROM callback other WHERE other.receiver = callback.receiver AND other.queue = callback.queue"
                    + " AND other.state = 'waiting' AND other.seq < callback.seq)",
                now));
  }

  /** Forgets those that were delivered before this. */
  public CompletableFuture<Void> forgetDelivered(Instant before) {
    return writer.writeDurably(
        changes ->
            changes.execute(
                "DELETE FROM callback WHERE state = 'delivered' AND done_at < ?", before.toEpochMilli()));
  }

  /** Names of receivers for which something waits. */
  public List<String> receivers() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT DISTINCT receiver FROM callback WHERE state = 'waiting'")
                .mapTo(String.class)
                .list());
  }

  /** Those that are due, longest due first. */
  public List<CallbackRow> due(String receiver, Instant now, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT * FROM callback WHERE receiver = :receiver AND state = 'waiting' AND due_at <= :now"
                        + " ORDER BY due_at, seq LIMIT :limit")
                .bind("receiver", receiver)
                .bind("now", now.toEpochMilli())
                .bind("limit", limit)
                .map(StoredCallbacks::row)
                .list());
  }

  /** When the next one is due after this time. */
  public Optional<Instant> nextDue(String receiver, Instant after) {
    return jdbi
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT MIN(due_at) FROM callback WHERE receiver = :receiver AND state = 'waiting'"
                            + " AND due_at > :after")
                    .bind("receiver", receiver)
                    .bind("after", after.toEpochMilli())
                    .mapTo(Long.class)
                    .findFirst())
        .map(Instant::ofEpochMilli);
  }

  public Optional<CallbackRow> find(String id) {
    return jdbi.withHandle(
        handle ->
            handle.createQuery("SELECT * FROM callback WHERE id = :id").bind("id", id).map(StoredCallbacks::row)
                .findOne());
  }

  /** Oldest first, without their bodies. @param queue of one recording, say */
  public List<CallbackRow> ofQueue(Collection<String> receivers, String queue) {
    if (receivers.isEmpty()) {
      return List.of();
    }
    return jdbi.withHandle(
        handle ->
            handle
                // By receivers, for the sake of the index.
                .createQuery(
                    "SELECT " + ALL_BUT_BODY + ", '' AS body FROM callback WHERE receiver IN (<receivers>) AND queue = :queue"
                        + " ORDER BY seq LIMIT 100")
                .bindList("receivers", List.copyOf(receivers))
                .bind("queue", queue)
                .map(StoredCallbacks::row)
                .list());
  }

  /** Newest first, without their bodies: a list of a thousand is not to need their memory. @param state null for all */
  public List<CallbackRow> list(String state, int limit) {
    String which = state == null ? "" : " WHERE state = :state";
    return jdbi.withHandle(
        handle -> {
          var query = handle.createQuery("SELECT " + ALL_BUT_BODY + ", '' AS body FROM callback" + which + " ORDER BY seq DESC LIMIT :limit");
          return (state == null ? query : query.bind("state", state))
              .bind("limit", limit).map(StoredCallbacks::row).list();
        });
  }

  public Counts counts() {
    return jdbi.withHandle(
        handle -> {
          Map<String, Long> numbers = new TreeMap<>();
          handle
              .createQuery("SELECT state, COUNT(*) AS n FROM callback GROUP BY state")
              .map((rs, context) -> Map.entry(rs.getString("state"), rs.getLong("n")))
              .forEach(entry -> numbers.put(entry.getKey(), entry.getValue()));
          Optional<Long> oldest =
              handle.createQuery("SELECT MIN(waits_since) FROM callback WHERE state = 'waiting'").mapTo(Long.class)
                  .findFirst();
          return new Counts(
              numbers.getOrDefault(CallbackRow.WAITING, 0L),
              numbers.getOrDefault(CallbackRow.DELIVERED, 0L),
              numbers.getOrDefault(CallbackRow.DEAD, 0L),
              oldest.map(Instant::ofEpochMilli).orElse(null));
        });
  }

  private static CallbackRow row(ResultSet rs, StatementContext context) throws SQLException {
    return new CallbackRow(
        rs.getString("id"),
        rs.getString("kind"),
        rs.getString("receiver"),
        rs.getString("queue"),
        rs.getString("about"),
        rs.getString("body"),
        time(rs, "created_at"),
        time(rs, "waits_since"),
        rs.getString("state"),
        time(rs, "due_at"),
        rs.getInt("tries"),
        time(rs, "tried_at"),
        rs.getInt("status"),
        rs.getString("problem"),
        time(rs, "done_at"));
  }

  private static Instant time(ResultSet rs, String column) throws SQLException {
    long millis = rs.getLong(column);
    return rs.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
