package org.reelway.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.reelway.state.MixOrderRow.State;

/**
 * Mixes that any sidecar of the fleet may make: the truth, of which messages in a queue only say that there is work. Each change is in
 * the database when a call returns. A worker's changes name its fence, and are no changes once another one has the order.
 */
public final class MixOrders {
  /** A message that nobody took is lost. */
  private static final Duration LOST = Duration.ofMinutes(1);
  /** Of an order whose worker is gone; it cannot be gone for longer than its lease. */
  private static final Duration LEFT = Duration.ofSeconds(20);
  private static final int MOST_AT_ONCE = 100;
  private static final int LONGEST_TROUBLE = 4000;

  private final Jdbi jdbi;
  private final Clock clock;

  public MixOrders(Jdbi jdbi, Clock clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /** Once for each recording; one that failed or was cancelled begins anew where {@code again} is set. */
  public void add(MixOrderRow row, boolean again) {
    jdbi.useHandle(handle -> {
      long now = now(handle);
      handle
          .createUpdate(
              "INSERT INTO mix_order (id, recording_id, node, path, identity, recorder_uri, created, length, store, bucket, object_key,"
                  + " etag, size, state, worker, fence, tries, trouble, mix_key, ordered_at, changed_at)"
                  + " VALUES (:id, :id, :node, :path, :identity, :uri, :created, :length, '', '', '', '', :size, 'waiting', '', 0, 0, '',"
                  + " '', :now, :now) ON CONFLICT (id) DO NOTHING")
          .bind("id", row.id()).bind("node", row.node()).bind("path", row.path()).bind("identity", row.identity())
          .bind("uri", row.recorderUri()).bind("created", row.created()).bind("length", row.length()).bind("size", row.size())
          .bind("now", now)
          .execute();
      if (again) {
        anew(handle, row.id(), now);
      }
    });
  }

  private static boolean anew(Handle handle, String id, long now) {
    return handle
        .createUpdate(
            "UPDATE mix_order SET state = CASE WHEN bucket = '' THEN 'waiting' ELSE 'ordered' END, tries = 0, trouble = '',"
                + " queued_at = NULL, changed_at = :now WHERE id = :id AND state IN ('failed', 'cancelled')")
        .bind("id", id).bind("now", now)
        .execute() > 0;
  }

  /** Orders whose recording is in the store become work; those whose recording is never sent fail. */
  public void look() {
    jdbi.useHandle(handle -> {
      String now = StateTime.term(handle, clock);
      handle.execute(
          "UPDATE mix_order SET state = 'ordered', store = COALESCE(r.store, ''), bucket = r.bucket, object_key = r.object_key,"
              + " etag = COALESCE(r.etag, ''), trouble = '', changed_at = " + now + " FROM recording r"
              + " WHERE mix_order.state = 'waiting' AND r.id = mix_order.recording_id AND r.state IN ('verified', 'done')"
              + " AND r.evidence IS NOT NULL AND r.bucket IS NOT NULL"
              + " AND r.id NOT IN (SELECT recording_id FROM backup_copy WHERE returned_at IS NULL)");
      handle.execute(
          "UPDATE mix_order SET state = 'failed', trouble = 'its recording is not sent (' || r.state || '), and workers fetch it from"
              + " the store', changed_at = " + now + ", queued_at = " + now + " FROM recording r WHERE mix_order.state = 'waiting'"
              + " AND r.id = mix_order.recording_id AND r.state IN ('skipped', 'discarded')");
    });
  }

  /**
   * What is to be put into the queue: orders that were not yet, those whose worker is gone, and where no worker runs one a minute, so
   * that one may be started for what is in the queue. They count as queued from now on.
   */
  public List<MixOrderRow> due() {
    return queued((now, locked) -> "id IN (SELECT id FROM mix_order WHERE state = 'ordered' AND queued_at IS NULL"
        + " OR state = 'mixing' AND COALESCE(queued_at, 0) < " + now + " - " + LEFT.toMillis()
        + " AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.name = 'mix/' || mix_order.id AND lease.ends_at > " + now + ")"
        + " ORDER BY created LIMIT " + MOST_AT_ONCE + locked + ") OR " + lost(now, 1, locked)
        + " AND NOT EXISTS (SELECT 1 FROM mix_order WHERE state = 'ordered' AND queued_at >= " + now + " - " + LOST.toMillis() + ")"
        + " AND NOT EXISTS (SELECT 1 FROM node WHERE left_at IS NULL AND seen_at > " + now + " - " + Fleet.GONE_AFTER.toMillis()
        + " AND roles LIKE '%mixer%')");
  }

  /**
   * What is to be put into the queue again, for nobody took it for so long that its message is lost. It counts as queued from now on.
   *
   * @param most mixes that this sidecar could begin at once: while all workers are busy, messages are not lost
   */
  public List<MixOrderRow> lost(int most) {
    return queued((now, locked) -> lost(now, most, locked));
  }

  private static String lost(String now, int most, String locked) {
    return "id IN (SELECT id FROM mix_order WHERE state = 'ordered' AND queued_at < " + now + " - " + LOST.toMillis()
        + " ORDER BY queued_at LIMIT " + most + locked + ")";
  }

  private interface Which {
    String of(String now, String locked);
  }

  /** Two sidecars that ask at the same time do not wait for each other. */
  private List<MixOrderRow> queued(Which which) {
    return jdbi.withHandle(handle -> {
      String now = StateTime.term(handle, clock);
      String where = which.of(now, StateDatabase.isPostgres(handle) ? " FOR UPDATE SKIP LOCKED" : "");
      return handle.createQuery("UPDATE mix_order SET queued_at = " + now + " WHERE " + where + " RETURNING *").map(MixOrders::row).list();
    });
  }

  /** Those at which a worker failed, and that are not among the dead letters yet. */
  public List<MixOrderRow> untold() {
    return jdbi.withHandle(handle -> handle
        .createQuery("SELECT * FROM mix_order WHERE state = 'failed' AND queued_at IS NULL ORDER BY changed_at LIMIT " + MOST_AT_ONCE)
        .map(MixOrders::row)
        .list());
  }

  /** It is among the dead letters. */
  public void told(MixOrderRow row) {
    jdbi.useHandle(handle -> handle.execute(
        "UPDATE mix_order SET queued_at = " + StateTime.term(handle, clock) + " WHERE id = ? AND state = 'failed' AND fence = ?",
        row.id(), row.fence()));
  }

  /** It could not be put into the queue. */
  public void notQueued(String id) {
    jdbi.useHandle(handle -> handle.execute("UPDATE mix_order SET queued_at = NULL WHERE id = ? AND state IN ('ordered', 'mixing')", id));
  }

  /**
   * A worker that has its lease takes it up.
   *
   * @return empty where there is nothing to do: it is done, failed, cancelled, or dropped
   */
  public Optional<MixOrderRow> claim(String id, String worker, long fence) {
    return jdbi.withHandle(handle -> handle
        .createQuery(
            "UPDATE mix_order SET state = 'mixing', worker = :worker, fence = :fence, tries = tries + 1, trouble = '',"
                + " changed_at = :now WHERE id = :id AND state IN ('ordered', 'mixing') AND fence <= :fence RETURNING *")
        .bind("id", id).bind("worker", worker).bind("fence", fence).bind("now", now(handle))
        .map(MixOrders::row)
        .findOne());
  }

  /**
   * A worker whose lease had run out got it again.
   *
   * @return false where another one had it meanwhile, or it is not to be mixed any more
   */
  public boolean refence(String id, long before, long fence) {
    return jdbi.withHandle(handle -> handle
        .execute("UPDATE mix_order SET fence = ? WHERE id = ? AND fence = ? AND state = 'mixing'", fence, id, before)) > 0;
  }

  /** The mix is in the store, and told of. @return false where another one has the order */
  public boolean mixed(String id, long fence, String key) {
    return change("state = 'mixed', trouble = '', mix_key = ?", id, fence, key);
  }

  /** It cannot be mixed, and is {@link #untold}. @return false where another one has the order */
  public boolean failed(String id, long fence, String why) {
    return change("state = 'failed', queued_at = NULL, trouble = ?", id, fence, why.substring(0, Math.min(LONGEST_TROUBLE, why.length())));
  }

  /** The worker ends, and others take it up at once. */
  public void giveBack(String id, long fence, boolean inOrder) {
    change("state = 'ordered', tries = tries - " + (inOrder ? 1 : 0) + ", queued_at = NULL, trouble = ?", id, fence, "");
  }

  private boolean change(String what, String id, long fence, String value) {
    return jdbi.withHandle(handle -> handle
        .execute(
            "UPDATE mix_order SET " + what + ", changed_at = ? WHERE id = ? AND fence = ? AND state = 'mixing'", value, now(handle), id,
            fence)) > 0;
  }

  /** Ends it; it can be tried again. @return whether there is such an order that is not done */
  public boolean cancel(String id) {
    return jdbi.withHandle(handle -> {
      handle.execute(
          "UPDATE mix_order SET state = 'cancelled', trouble = 'cancelled by request', changed_at = ? WHERE id = ?"
              + " AND state IN ('waiting', 'ordered', 'mixing')", now(handle), id);
      return isOpen(handle, id);
    });
  }

  /** @return whether there is such an order that is not done */
  public boolean retry(String id) {
    return jdbi.withHandle(handle -> anew(handle, id, now(handle)) || isOpen(handle, id));
  }

  private static boolean isOpen(Handle handle, String id) {
    return handle.createQuery("SELECT COUNT(*) FROM mix_order WHERE id = :id AND state <> 'mixed'").bind("id", id)
        .mapTo(Long.class).one() > 0;
  }

  /** Also of one that is done, which may be ordered anew then. @return whether there was one */
  public boolean drop(String id) {
    return jdbi.withHandle(handle -> handle.execute("DELETE FROM mix_order WHERE id = ?", id)) > 0;
  }

  /**
   * Those that are done are remembered for a while, so that their recordings are not mixed again; so are those that failed or were
   * cancelled, which may be tried again.
   *
   * @return those of them that were never mixed
   */
  public List<MixOrderRow> forget(Duration age) {
    return jdbi.withHandle(handle -> {
      long before = now(handle) - age.toMillis();
      handle.execute("DELETE FROM mix_order WHERE state = 'mixed' AND changed_at < ?", before);
      List<MixOrderRow> never = handle
          .createQuery("DELETE FROM mix_order WHERE state IN ('failed', 'cancelled') AND changed_at < :before RETURNING *")
          .bind("before", before)
          .map(MixOrders::row)
          .list();
      handle.execute(
          "DELETE FROM lease WHERE name LIKE 'mix/%' AND ends_at < ? AND NOT EXISTS"
              + " (SELECT 1 FROM mix_order WHERE 'mix/' || mix_order.id = lease.name AND mix_order.state <> 'mixed')", before);
      return never;
    });
  }

  public Optional<MixOrderRow> find(String id) {
    return jdbi.withHandle(handle ->
        handle.createQuery("SELECT * FROM mix_order WHERE id = :id").bind("id", id).map(MixOrders::row).findOne());
  }

  /** Those that are not done, the oldest recording first. */
  public List<MixOrderRow> open(int most) {
    return jdbi.withHandle(handle -> handle
        .createQuery("SELECT * FROM mix_order WHERE state <> 'mixed' ORDER BY created, id LIMIT :most")
        .bind("most", most)
        .map(MixOrders::row)
        .list());
  }

  /** Of those that are not done. */
  public Map<State, Long> counts() {
    return jdbi.withHandle(handle -> handle
        .createQuery("SELECT state, COUNT(*) AS n FROM mix_order WHERE state <> 'mixed' GROUP BY state")
        .reduceRows(new TreeMap<State, Long>(), (map, found) -> {
          map.put(State.of(found.getColumn("state", String.class)), found.getColumn("n", Long.class));
          return map;
        }));
  }

  /** The database's, by which leases end. */
  private long now(Handle handle) {
    return StateTime.millis(handle, clock);
  }

  private static MixOrderRow row(ResultSet rs, StatementContext context) throws SQLException {
    return new MixOrderRow(
        rs.getString("id"), rs.getString("node"), rs.getString("path"), rs.getString("identity"), rs.getString("recorder_uri"),
        rs.getLong("created"), rs.getLong("length"), rs.getString("store"), rs.getString("bucket"), rs.getString("object_key"),
        rs.getString("etag"), rs.getLong("size"), State.of(rs.getString("state")), rs.getString("worker"), rs.getLong("fence"),
        rs.getInt("tries"), rs.getString("trouble"), rs.getLong("ordered_at"));
  }
}
