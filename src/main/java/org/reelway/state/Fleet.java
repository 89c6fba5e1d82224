package org.reelway.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The sidecars that share the state, as each says of itself. */
public final class Fleet {
  /** One that was not seen for so long is gone for others. */
  public static final Duration GONE_AFTER = Duration.ofSeconds(30);

  /** Those that left, and those without files of their own that are gone, are shown for so long. */
  private static final Duration REMEMBERED = Duration.ofDays(1);
  /** Of one answer. */
  private static final int MOST = 1000;
  private static final String INGEST = "ingest";

  private final Jdbi jdbi;
  private final Clock clock;
  private final String own;

  /** @param own id of this sidecar */
  public Fleet(Jdbi jdbi, Clock clock, String own) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.own = own;
  }

  /** How a node is, for this one. */
  public enum State {
    RUNNING,
    /** It was not seen for a while, and did not end in order. */
    GONE,
    /** It ended in order. */
    LEFT
  }

  /**
   * A sidecar.
   *
   * @param who host and process, for people
   * @param roles words, separated by commas
   * @param address of its API; loopback where others cannot reach it
   * @param leftAt null while it runs or is gone
   */
  public record Node(
      String id, String who, String version, String roles, String address, Instant startedAt, Instant seenAt, Instant leftAt,
      State state) {
    /** Whether files wait beside it that nobody else has. */
    public boolean hasFiles() {
      return List.of(roles.split(",")).contains(INGEST);
    }
  }

  /** By id; what left, or had nothing of its own, long ago is left out. */
  public List<Node> all() {
    return jdbi.withHandle(handle -> {
      long now = now(handle);
      return handle.createQuery("SELECT * FROM node ORDER BY id LIMIT " + MOST).map((rs, context) -> node(rs, now)).list().stream()
          .filter(node -> node.state() == State.RUNNING || node.state() == State.GONE && node.hasFiles()
              || now - node.seenAt().toEpochMilli() < REMEMBERED.toMillis())
          .toList();
    });
  }

  public Optional<Node> find(String id) {
    return jdbi.withHandle(handle -> {
      long now = now(handle);
      return handle.createQuery("SELECT * FROM node WHERE id = :id").bind("id", id).map((rs, context) -> node(rs, now)).findOne();
    });
  }

  private Node node(ResultSet rs, long now) throws SQLException {
    long left = rs.getLong("left_at");
    Instant leftAt = rs.wasNull() ? null : Instant.ofEpochMilli(left);
    // This one is here; the embedded state keeps no book of it.
    long seen = rs.getString("id").equals(own) ? now : rs.getLong("seen_at");
    State state = leftAt != null ? State.LEFT : now - seen > GONE_AFTER.toMillis() ? State.GONE : State.RUNNING;
    return new Node(
        rs.getString("id"), rs.getString("who"), rs.getString("version"), rs.getString("roles"), rs.getString("address"),
        Instant.ofEpochMilli(rs.getLong("started_at")), Instant.ofEpochMilli(seen), leftAt, state);
  }

  /** Id of this sidecar. */
  public String own() {
    return own;
  }

  /** Others know from now on where this one answers. */
  public void advertise(String address, String roles) {
    jdbi.useHandle(handle -> handle.execute("UPDATE node SET address = ?, roles = ? WHERE id = ?", address, roles, own));
  }

  /**
   * Forgets one that is gone or left. This one goes on with what needs no disk of it: unfinished uploads, which are aborted in time,
   * the history, and what waits in the backup.
   *
   * @return false where it runs, or is not known
   */
  public boolean forget(String id) {
    return jdbi.inTransaction(handle -> {
      boolean isForgotten = handle.createUpdate(
              "DELETE FROM node WHERE id = :id AND id <> :own AND (left_at IS NOT NULL OR seen_at < :before)")
          .bind("id", id).bind("own", own).bind("before", now(handle) - GONE_AFTER.toMillis()).execute() > 0;
      if (isForgotten) {
        NodeRows.inherit(handle, id, own);
      }
      return isForgotten;
    });
  }

  /**
   * Forgets those without files of their own that nobody is shown any more. This one goes on with what they left, as in {@link #forget}:
   * it has to be one that can.
   */
  public void forgetOld() {
    List<String> old = jdbi.withHandle(handle -> handle
        .createQuery("SELECT id FROM node WHERE id <> :own AND seen_at < :before AND roles NOT LIKE '%" + INGEST + "%'")
        .bind("own", own).bind("before", now(handle) - REMEMBERED.toMillis()).mapTo(String.class).list());
    old.forEach(this::forget);
  }

  /** The node that a stream of the live workflow is next to; empty for one that nobody has. */
  public String nextTo(String workflowStream) {
    return jdbi.withHandle(handle -> handle.createQuery("SELECT node FROM workflow_stream WHERE id = :id")
        .bind("id", workflowStream).mapTo(String.class).findOne().orElse(""));
  }

  private long now(Handle handle) {
    return StateTime.millis(handle, clock);
  }
}
