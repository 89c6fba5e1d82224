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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The outbox of callbacks, of all nodes. Whoever changes it gives the first of its queue a due time. Nodes that change the same queue in
 * the same moment do not see each other: so who hands them out looks for the first once more, and mends a queue in which none is due.
 * What came of a try is noted by the node that has the receiver's lease, by nobody else.
 */
public final class StoredCallbacks {
  private static final int LONGEST_PROBLEM = 1024;
  private static final int LONGEST_ABOUT = 4096;
  private static final String ALL_BUT_BODY =
      "id, seq, kind, receiver, queue, about, created_at, waits_since, state, due_at, tries, tried_at, status, problem, done_at";
  private static final String IS_FIRST =
      "callback.seq = (SELECT MIN(other.seq) FROM callback other WHERE other.receiver = callback.receiver"
          + " AND other.queue = callback.queue AND other.state = 'waiting')";
  /** Values: due_at. */
  private static final String MEND =
      "UPDATE callback SET due_at = ? WHERE state = 'waiting' AND due_at IS NULL AND " + IS_FIRST;
  private static final String LEASES = "callbacks/";
  private static final String FIRST_OF_QUEUE =
      "UPDATE callback SET due_at = ? WHERE due_at IS NULL AND id = (SELECT id FROM callback"
          + " WHERE receiver = ? AND queue = ? AND state = 'waiting' ORDER BY seq LIMIT 1)";

  private final Jdbi jdbi;
  private final StateWriter writer;
  private final Clock clock;
  /** Of the embedded state, whose only writer this is. */
  private final AtomicLong lastNumber;
  private final boolean shared;

  public StoredCallbacks(Jdbi jdbi, StateWriter writer, Clock clock) {
    this.jdbi = jdbi;
    this.writer = writer;
    this.clock = clock;
    this.shared = jdbi.withHandle(StateDatabase::isPostgres);
    this.lastNumber =
        new AtomicLong(
            jdbi.withHandle(
                handle ->
                    handle.createQuery("SELECT COALESCE(MAX(seq), 0) FROM callback").mapTo(Long.class).one()));
  }

  /** Whether other nodes may change it, too. */
  public boolean isShared() {
    return shared;
  }

  /** Name of the lease that who delivers to the receiver has. */
  public static String leaseName(String receiver) {
    return LEASES + receiver;
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
                      + " tries) VALUES (?, COALESCE(?, " + nextNumber() + "), ?, ?, ?, ?, ?, ?, ?, 'waiting', 0)"
                      + " ON CONFLICT (id) DO NOTHING",
                  id, ownNumber(), kind, receiver, queue, shown, body, now, now);
          if (added > 0) {
            changes.execute(FIRST_OF_QUEUE, now, receiver, queue);
          }
        });
  }

  /** What the sequence gives, so that numbers go up over all nodes. */
  private String nextNumber() {
    return shared ? "nextval('callback_number')" : "NULL";
  }

  /** Null where {@link #nextNumber} gives it. */
  private Long ownNumber() {
    return shared ? null : Long.valueOf(lastNumber.incrementAndGet());
  }

  /**
   * The receiver has it.
   *
   * @param lease under which it was sent
   * @return whether it was noted; not where another node has the lease by now, and delivers it
   */
  public CompletableFuture<Boolean> delivered(CallbackRow row, Leases.Lease lease, int status) {
    return done(row, lease, CallbackRow.DELIVERED, status, null);
  }

  /** It is not tried any more, unless somebody replays it. @return as {@link #delivered} */
  public CompletableFuture<Boolean> dead(CallbackRow row, Leases.Lease lease, int status, String problem) {
    return done(row, lease, CallbackRow.DEAD, status, problem);
  }

  private CompletableFuture<Boolean> done(CallbackRow row, Leases.Lease lease, String state, int status, String problem) {
    long now = clock.millis();
    return settled(
        changes ->
            changes.execute(
                "UPDATE callback SET state = ?, due_at = NULL, tries = tries + 1, tried_at = ?, status = ?, problem = ?,"
                    + " done_at = ? WHERE id = ? AND state = 'waiting' AND " + Leases.isHeld(),
                state, now, status, cut(problem), now, row.id(), lease.name(), lease.fence()),
        changes -> changes.execute(FIRST_OF_QUEUE, now, row.receiver(), row.queue()));
  }

  /** It was tried in vain and waits. @return as {@link #delivered} */
  public CompletableFuture<Boolean> failed(CallbackRow row, Leases.Lease lease, int status, String problem, Instant next) {
    long now = clock.millis();
    return settled(
        changes ->
            changes.execute(
                "UPDATE callback SET tries = tries + 1, tried_at = ?, status = ?, problem = ?, due_at = ?"
                    + " WHERE id = ? AND state = 'waiting' AND " + Leases.isHeld(),
                now, status, cut(problem), next.toEpochMilli(), row.id(), lease.name(), lease.fence()),
        changes -> {});
  }

  private CompletableFuture<Boolean> settled(ToIntFunction<Changes> change, Consumer<Changes> then) {
    AtomicBoolean noted = new AtomicBoolean();
    return writer
        .writeDurably(
            changes -> {
              noted.set(change.applyAsInt(changes) > 0);
              if (noted.get()) {
                then.accept(changes);
              }
            })
        .thenApply(written -> noted.get());
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
              "UPDATE callback SET state = 'waiting', seq = COALESCE(?, " + nextNumber() + "), waits_since = ?, due_at = NULL,"
                  + " done_at = NULL WHERE id = ? AND state <> 'waiting'",
              ownNumber(), now, row.id());
          changes.execute(FIRST_OF_QUEUE, now, row.receiver(), row.queue());
          ask(changes, row.receiver());
        });
  }

  /** As {@link #hurry}, and whoever delivers to the receiver is asked to try now, also where it was away a moment ago. */
  public CompletableFuture<Void> tryNow(String receiver) {
    long now = clock.millis();
    return writer.writeDurably(
        changes -> {
          hurry(changes, receiver, now);
          ask(changes, receiver);
        });
  }

  private static void ask(Changes changes, String receiver) {
    changes.execute("UPDATE lease SET asked = asked + 1 WHERE name = ?", leaseName(receiver));
  }

  /** What waits for a later try of this receiver is due now. */
  public CompletableFuture<Void> hurry(String receiver) {
    long now = clock.millis();
    return writer.writeDurably(changes -> hurry(changes, receiver, now));
  }

  private static void hurry(Changes changes, String receiver, long now) {
    changes.execute(
        "UPDATE callback SET due_at = ? WHERE receiver = ? AND state = 'waiting' AND due_at > ?", now, receiver, now);
  }

  /** Also where two programs wrote: every queue in which something waits has one that is due. */
  public CompletableFuture<Void> mendQueues() {
    long now = clock.millis();
    return writer.writeDurably(changes -> changes.execute(MEND, now));
  }

  /** The same of one receiver, where what broke a queue was written after this: thousands that wait are not looked through. */
  public CompletableFuture<Void> mendQueues(String receiver, Instant after) {
    long now = clock.millis();
    return writer.writeDurably(
        changes -> changes.execute(MEND + " AND waits_since > ? AND receiver = ?", now, after.toEpochMilli(), receiver));
  }

  /** Forgets those that were delivered before this. */
  public CompletableFuture<Void> forgetDelivered(Instant before) {
    return writer.writeDurably(
        changes ->
            changes.execute(
                "DELETE FROM callback WHERE state = 'delivered' AND done_at < ?", before.toEpochMilli()));
  }

  /**
   * A receiver as it stands among nodes.
   *
   * @param waits whether anything waits for it
   * @param due when the first of that is due, or was; null for none
   * @param holder node that delivers to it; null for none
   * @param asked goes up when somebody wants its holder to try now
   * @param nodes how many nodes deliver callbacks; 0 where none says so
   */
  public record Standing(String receiver, boolean waits, Instant due, String holder, long asked, int nodes) {}

  /** All receivers, by one statement that costs a few looks into indexes for each, however many callbacks there are. */
  public List<Standing> standings() {
    return jdbi.withHandle(
        handle -> {
          String now = StateTime.term(handle, clock);
          return handle
              .createQuery(
                  "WITH RECURSIVE known (receiver) AS (SELECT MIN(receiver) FROM callback UNION ALL SELECT (SELECT MIN(receiver)"
                      + " FROM callback WHERE callback.receiver > known.receiver) FROM known WHERE known.receiver IS NOT NULL)"
                      + " SELECT known.receiver, lease.asked, CASE WHEN lease.ends_at > " + now + " THEN lease.node END AS holder,"
                      + " EXISTS (SELECT 1 FROM callback WHERE callback.receiver = known.receiver AND state = 'waiting') AS waits,"
                      + " (SELECT MIN(due_at) FROM callback WHERE callback.receiver = known.receiver AND state = 'waiting') AS due_at,"
                      + " (SELECT COUNT(*) FROM node WHERE left_at IS NULL AND seen_at > " + now + " - :gone"
                      + " AND ',' || roles || ',' LIKE '%,callbacks,%') AS nodes"
                      + " FROM known LEFT JOIN lease ON lease.name = '" + LEASES + "' || known.receiver"
                      + " WHERE known.receiver IS NOT NULL")
              .bind("gone", Fleet.GONE_AFTER.toMillis())
              .map(
                  (rs, context) ->
                      new Standing(
                          rs.getString("receiver"), rs.getBoolean("waits"), time(rs, "due_at"), rs.getString("holder"),
                          rs.getLong("asked"), rs.getInt("nodes")))
              .list();
        });
  }

  /** Those that are due, longest due first. */
  public List<CallbackRow> due(String receiver, Instant now, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT * FROM callback WHERE receiver = :receiver AND state = 'waiting' AND due_at <= :now AND " + IS_FIRST
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
