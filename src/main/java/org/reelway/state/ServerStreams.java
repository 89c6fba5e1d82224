package org.reelway.state;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;

/** The streams of this node's media servers, as they were known last. */
public final class ServerStreams {
  /** Bytes of their JSON. */
  private static final int LONGEST_DETAILS = 32 * 1024;

  private final Jdbi jdbi;
  private final StateWriter writer;
  private final String node;

  /** @param node id of this sidecar */
  public ServerStreams(Jdbi jdbi, StateWriter writer, String node) {
    this.jdbi = jdbi;
    this.writer = writer;
    this.node = node;
  }

  /**
   * A row.
   *
   * @param endedAt null while it is on
   * @param endedBy null while it is on
   * @param details as whoever saved it reads them
   */
  public record Row(
      String source,
      String server,
      String app,
      String name,
      String direction,
      String session,
      String publisher,
      Instant since,
      String sinceFrom,
      String foundBy,
      Instant lastSeen,
      Instant endedAt,
      String endedBy,
      String details) {}

  public void save(Row row) {
    writer.write(changes -> save(changes, row));
  }

  private void save(Changes changes, Row row) {
    changes.execute(
        "INSERT INTO server_stream (node, source, server, app, name, direction, session, publisher, since, since_from,"
            + " found_by, last_seen, ended_at, ended_by, details)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (node, source, server, app, name, direction) DO UPDATE SET session = excluded.session,"
            + " publisher = excluded.publisher, since = excluded.since, since_from = excluded.since_from,"
            + " found_by = excluded.found_by, last_seen = excluded.last_seen, ended_at = excluded.ended_at,"
            + " ended_by = excluded.ended_by, details = excluded.details",
        node, row.source(), row.server(), row.app(), row.name(), row.direction(), row.session(), row.publisher(),
        row.since().toEpochMilli(), row.sinceFrom(), row.foundBy(), row.lastSeen().toEpochMilli(),
        row.endedAt() == null ? null : row.endedAt().toEpochMilli(), row.endedBy(), row.details());
  }

  /**
   * Those that are on and were heard of last, and those that ended last, one after the other: whatever is stored, no more
   * than one is read at a time. Details that are longer than any that are saved now are read as none.
   */
  public void load(int mostLive, int mostEnded, Consumer<Row> each) {
    load("ended_at IS NULL ORDER BY last_seen DESC", mostLive, each);
    load("ended_at IS NOT NULL ORDER BY ended_at DESC", mostEnded, each);
  }

  private void load(String which, int most, Consumer<Row> each) {
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT source, server, app, name, direction, session, publisher, since, since_from, found_by,"
                        + " last_seen, ended_at, ended_by, CASE WHEN OCTET_LENGTH(details) > " + LONGEST_DETAILS
                        + " THEN '{}' ELSE details END AS details FROM server_stream WHERE node = :node AND " + which + " LIMIT :most")
                .bind("node", node)
                .bind("most", most)
                .map(
                    (rs, context) -> {
                      long ended = rs.getLong("ended_at");
                      boolean on = rs.wasNull();
                      return new Row(
                          rs.getString("source"), rs.getString("server"), rs.getString("app"), rs.getString("name"),
                          rs.getString("direction"), rs.getString("session"), rs.getString("publisher"),
                          Instant.ofEpochMilli(rs.getLong("since")), rs.getString("since_from"), rs.getString("found_by"),
                          Instant.ofEpochMilli(rs.getLong("last_seen")), on ? null : Instant.ofEpochMilli(ended),
                          rs.getString("ended_by"), rs.getString("details"));
                    })
                .forEach(each));
  }

  /** How many are on. */
  public long live() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT COUNT(*) FROM server_stream WHERE node = :node AND ended_at IS NULL")
                .bind("node", node)
                .mapTo(Long.class)
                .one());
  }

  /** Of those that are on, these are all. */
  public void forgetLiveBut(List<Row> these) {
    writer.write(
        changes -> {
          changes.execute("DELETE FROM server_stream WHERE node = ? AND ended_at IS NULL", node);
          these.forEach(row -> save(changes, row));
        });
  }

  /** Gives the room back of details that are read as none. */
  public void forgetLongDetails() {
    writer.write(
        changes ->
            changes.execute(
                "UPDATE server_stream SET details = '{}' WHERE node = ? AND OCTET_LENGTH(details) > ?", node, LONGEST_DETAILS));
  }

  /** Forgets those that ended then or before. */
  public void forget(Instant before) {
    writer.write(
        changes -> changes.execute("DELETE FROM server_stream WHERE node = ? AND ended_at <= ?", node, before.toEpochMilli()));
  }
}
