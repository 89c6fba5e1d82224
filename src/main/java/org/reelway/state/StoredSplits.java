package org.reelway.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.reelway.failure.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sections of archives that become files of this node; on disk when a call returns. A row that cannot be read is left out, and
 * said.
 */
public final class StoredSplits {
  private static final Logger LOG = LoggerFactory.getLogger(StoredSplits.class);
  private static final int LONGEST_TROUBLE = 1000;
  /** Files that are made, and remembered. */
  private static final int MOST_DONE = 10_000;
  private static final int MOST_SHOWN = 1000;

  private final Jdbi jdbi;
  private final StateWriter writer;
  private final String node;

  /** @param node id of this sidecar */
  public StoredSplits(Jdbi jdbi, StateWriter writer, String node) {
    this.jdbi = jdbi;
    this.writer = writer;
    this.node = node;
  }

  /** In the order of the sections; empty for none. */
  public List<SplitRow> split(String id) {
    return rows("AND split_id = :id ORDER BY section", Map.of("id", id));
  }

  /** The newest of a stream, the oldest of them first. */
  public List<SplitRow> ofStream(String id) {
    List<SplitRow> newest =
        new ArrayList<>(
            rows(
                "AND stream_id = :id ORDER BY created_at DESC, split_id DESC, section DESC LIMIT " + MOST_SHOWN,
                Map.of("id", id)));
    Collections.reverse(newest);
    return newest;
  }

  /** Of splits of which not all has been told. */
  public List<SplitRow> open() {
    return rows("AND is_told = 0 ORDER BY created_at, split_id, section", Map.of());
  }

  /** Sections that are not over. */
  public long waiting() {
    return jdbi.withHandle(handle -> handle
        .createQuery("SELECT COUNT(*) FROM workflow_split WHERE node = :node AND is_told = 0 AND state IN ('WAITING', 'PLACING')")
        .bind("node", node)
        .mapTo(Long.class)
        .one());
  }

  private List<SplitRow> rows(String which, Map<String, String> bound) {
    return jdbi.withHandle(handle -> handle
        .createQuery("SELECT * FROM workflow_split WHERE node = :node " + which)
        .bind("node", node)
        .bindMap(bound)
        .map(StoredSplits::read)
        .list()
        .stream()
        .flatMap(Optional::stream)
        .toList());
  }

  /** All or none; what is there of the split is replaced. */
  public void put(List<SplitRow> rows) {
    write(changes -> {
      rows.forEach(row -> put(changes, row));
      changes.execute(
          "DELETE FROM workflow_split WHERE node = ? AND is_told = 1 AND done_at <= (SELECT done_at FROM workflow_split"
              + " WHERE node = ? AND is_told = 1 ORDER BY done_at DESC LIMIT 1 OFFSET " + MOST_DONE + ")",
          node, node);
    });
  }

  public void put(SplitRow row) {
    write(changes -> put(changes, row));
  }

  private void put(Changes changes, SplitRow row) {
    String trouble = row.trouble();
    changes.execute(
        "INSERT INTO workflow_split (node, split_id, section, stream_id, session_id, archive, segment_length, begins, ends, is_exact,"
            + " file, state, tries, trouble, how, created_at, done_at, is_told)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
            + " ON CONFLICT (split_id, section) DO UPDATE SET state = excluded.state, tries = excluded.tries,"
            + " trouble = excluded.trouble, how = excluded.how, done_at = excluded.done_at, is_told = 0",
        node, row.split(), row.section(), row.stream(), row.session(), row.archive(), row.segmentLength(), row.begins(), row.ends(),
        row.isExact() ? 1 : 0, row.file(), row.state().name(), row.tries(),
        trouble.substring(0, Math.min(LONGEST_TROUBLE, trouble.length())), row.how(), row.createdAt().toEpochMilli(),
        row.doneAt() == null ? null : row.doneAt().toEpochMilli());
  }

  /** All its sections are over, and whoever waits for it knows. */
  public void told(String split) {
    write(changes -> changes.execute("UPDATE workflow_split SET is_told = 1 WHERE node = ? AND split_id = ?", node, split));
  }

  private void write(Consumer<Changes> change) {
    writer.writeNow("a split", change);
  }

  private static Optional<SplitRow> read(ResultSet rs, StatementContext context) throws SQLException {
    try {
      long done = rs.getLong("done_at");
      Instant doneAt = rs.wasNull() ? null : Instant.ofEpochMilli(done);
      return Optional.of(
          new SplitRow(
              rs.getString("split_id"), rs.getInt("section"), rs.getString("stream_id"), rs.getString("session_id"),
              rs.getString("archive"), Math.max(1, rs.getLong("segment_length")), rs.getLong("begins"), rs.getLong("ends"),
              rs.getInt("is_exact") != 0, rs.getString("file"), SplitRow.State.valueOf(rs.getString("state")),
              rs.getInt("tries"), rs.getString("trouble"), rs.getString("how"),
              Instant.ofEpochMilli(rs.getLong("created_at")), doneAt));
    } catch (RuntimeException e) {
      LOG.error("a file of the split {} cannot be read from the state, and is not made: {}", rs.getString("split_id"),
          Failure.rootOf(e));
      return Optional.empty();
    }
  }
}
