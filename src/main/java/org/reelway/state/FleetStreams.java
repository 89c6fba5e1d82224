package org.reelway.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** The streams of media servers next to other nodes, as these know them. */
public final class FleetStreams {
  private final Jdbi jdbi;
  private final String own;

  /** @param own id of this sidecar */
  public FleetStreams(Jdbi jdbi, String own) {
    this.jdbi = jdbi;
    this.own = own;
  }

  /** @param node that it is next to */
  public record Elsewhere(String node, ServerStreams.Row stream) {}

  /**
   * Which ones.
   *
   * @param node of that one only; null for all
   * @param live those that are on, or that ended; null for both
   */
  public record Query(String node, Boolean live) {
    private String where() {
      return " FROM server_stream WHERE node NOT IN (:own, '')" + (node == null ? "" : " AND node = :node")
          + (live == null ? "" : " AND ended_at IS " + (live ? "" : "NOT ") + "NULL");
    }
  }

  public long count(Query query) {
    return jdbi.withHandle(handle -> {
      var counted = handle.createQuery("SELECT COUNT(*)" + query.where()).bind("own", own);
      return (query.node() == null ? counted : counted.bind("node", query.node())).mapTo(Long.class).one();
    });
  }

  /** By node, server and name. @param after so many */
  public List<Elsewhere> list(Query query, long after, int most) {
    return jdbi.withHandle(handle -> {
      var asked = handle
          .createQuery("SELECT *" + query.where() + " ORDER BY node, source, server, app, name, direction LIMIT :most OFFSET :after")
          .bind("own", own).bind("most", most).bind("after", after);
      return (query.node() == null ? asked : asked.bind("node", query.node()))
          .map((rs, context) -> new Elsewhere(rs.getString("node"), row(rs))).list();
    });
  }

  /** Since when a node has a stream on. */
  public record Since(String node, Instant at) {
    public boolean isBefore(Since other) {
      int order = at.compareTo(other.at);
      return order < 0 || order == 0 && node.compareTo(other.node) < 0;
    }
  }

  /** Which other nodes have a stream on of this application and name. */
  public List<Since> liveNamed(String app, String name) {
    return jdbi.withHandle(handle -> handle
        .createQuery("SELECT node, MIN(since) AS first" + new Query(null, true).where() + " AND app = :app AND name = :name GROUP BY node")
        .bind("own", own).bind("app", app).bind("name", name)
        .map((rs, context) -> new Since(rs.getString("node"), Instant.ofEpochMilli(rs.getLong("first")))).list());
  }

  private static ServerStreams.Row row(ResultSet rs) throws SQLException {
    long ended = rs.getLong("ended_at");
    boolean on = rs.wasNull();
    return new ServerStreams.Row(
        rs.getString("source"), rs.getString("server"), rs.getString("app"), rs.getString("name"), rs.getString("direction"),
        rs.getString("session"), rs.getString("publisher"), Instant.ofEpochMilli(rs.getLong("since")), rs.getString("since_from"),
        rs.getString("found_by"), Instant.ofEpochMilli(rs.getLong("last_seen")), on ? null : Instant.ofEpochMilli(ended),
        rs.getString("ended_by"), rs.getString("details"));
  }
}
