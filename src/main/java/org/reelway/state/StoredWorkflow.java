package org.reelway.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.reelway.failure.Failure;
import org.reelway.state.WorkflowStreamRow.Wanted;

/** This node's streams of the live workflow, their sessions and what is to be told of them; on disk when a call returns. */
public final class StoredWorkflow {
  /** Sessions of deleted streams that are remembered. */
  private static final int MOST_FORMER = 10_000;
  /** Sessions of one stream that are told. */
  private static final int MOST_SHOWN = 1000;

  private final Jdbi jdbi;
  private final StateWriter writer;
  private final String node;

  /** @param node id of this sidecar */
  public StoredWorkflow(Jdbi jdbi, StateWriter writer, String node) {
    this.jdbi = jdbi;
    this.writer = writer;
    this.node = node;
  }

  /** How much there is to do. */
  public record Counts(long streams, long notices) {}

  public Counts counts() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT (SELECT COUNT(*) FROM workflow_stream WHERE node = :node) AS streams,"
                        + " (SELECT COUNT(*) FROM workflow_notice WHERE node = :node) AS notices")
                .bind("node", node)
                .map((rs, context) -> new Counts(rs.getLong("streams"), rs.getLong("notices")))
                .one());
  }

  /** All of them. @param unreadable takes the id of a row that cannot be read, and why */
  public void streams(Consumer<WorkflowStreamRow> each, BiConsumer<String, String> unreadable) {
    read("SELECT * FROM workflow_stream WHERE node = :node ORDER BY created_at, id", StoredWorkflow::streamRow, each, unreadable);
  }

  /** The last one of each stream. @param unreadable takes the id of a row that cannot be read, and why */
  public void lastSessions(Consumer<WorkflowSessionRow> each, BiConsumer<String, String> unreadable) {
    read(
        "SELECT s.* FROM workflow_session s JOIN workflow_stream t ON t.session_id = s.id WHERE t.node = :node",
        StoredWorkflow::sessionRow, each, unreadable);
  }

  private <T> void read(
      String sql, RowReader<T> reader, Consumer<T> each, BiConsumer<String, String> unreadable) {
    jdbi.useHandle(handle -> handle.createQuery(sql).bind("node", node)
        .map((rs, context) -> {
          try {
            T row = reader.read(rs, context);
            return (Runnable) () -> each.accept(row);
          } catch (RuntimeException e) {
            String id = rs.getString("id");
            return (Runnable) () -> unreadable.accept(id, Failure.rootOf(e));
          }
        })
        .forEach(Runnable::run));
  }

  private interface RowReader<T> {
    T read(ResultSet rs, StatementContext context) throws SQLException;
  }

  /** By stream, what its driver knows of it. */
  public Map<String, Map<String, String>> facts() {
    Map<String, Map<String, String>> all = new LinkedHashMap<>();
    jdbi.useHandle(handle -> handle
        .createQuery(
            "SELECT stream_id, name, content FROM workflow_fact WHERE stream_id IN (SELECT id FROM workflow_stream WHERE node = :node)")
        .bind("node", node)
        .map((rs, context) -> List.of(rs.getString("stream_id"), rs.getString("name"), rs.getString("content")))
        .forEach(fact -> all.computeIfAbsent(fact.get(0), id -> new LinkedHashMap<>()).put(fact.get(1), fact.get(2))));
    return all;
  }

  /** By stream, and then by session, where archives are: of each stream's newest sessions, the newest last. */
  public Map<String, Map<String, String>> archives(List<String> streamIds) {
    Map<String, Map<String, String>> all = new LinkedHashMap<>();
    if (!streamIds.isEmpty()) {
      jdbi.useHandle(handle -> handle
          .createQuery(
              "SELECT id, stream_id, archive FROM (SELECT id, stream_id, archive, started_at, ROW_NUMBER() OVER"
                  + " (PARTITION BY stream_id ORDER BY started_at DESC, id) AS place FROM workflow_session"
                  + " WHERE stream_id IN (<ids>)) newest WHERE place <= " + MOST_SHOWN + " ORDER BY place DESC")
          .bindList("ids", streamIds)
          .map((rs, context) -> List.of(rs.getString("stream_id"), rs.getString("id"), rs.getString("archive")))
          .forEach(each -> all.computeIfAbsent(each.get(0), id -> new LinkedHashMap<>()).put(each.get(1), each.get(2))));
    }
    return all;
  }

  public Optional<WorkflowSessionRow> session(String streamId, String id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM workflow_session WHERE stream_id = :stream AND id = :id")
                .bind("stream", streamId)
                .bind("id", id)
                .map(StoredWorkflow::sessionRow)
                .findOne());
  }

  /** Whether any stream, of any node, has or had a session of that id. */
  public boolean hasSession(String id) {
    return jdbi.withHandle(handle -> handle.createQuery("SELECT id FROM workflow_session WHERE id = :id").bind("id", id)
        .mapTo(String.class).findOne().isPresent());
  }

  /** An archive of any session, also of a deleted stream or another node, that is at this place, in it or around it. */
  public Optional<String> archiveThatMeets(String archive) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT archive FROM workflow_session WHERE SUBSTR(archive, 1, LENGTH(CAST(:root AS VARCHAR))) = :root"
                        + " OR SUBSTR(:root, 1, LENGTH(archive)) = archive LIMIT 1")
                .bind("root", archive)
                .mapTo(String.class)
                .findOne());
  }

  public void put(WorkflowStreamRow row) {
    put(row, List.of());
  }

  /** @param sessions that are new */
  public void put(WorkflowStreamRow row, List<WorkflowSessionRow> sessions) {
    write(row.id(), changes -> {
      put(changes, row);
      sessions.forEach(session -> put(changes, session));
    });
  }

  /** @param notices of what has happened with it; each is noted once */
  public void put(WorkflowStreamRow row, WorkflowSessionRow session, List<WorkflowNoticeRow> notices) {
    write(row.id(), changes -> {
      put(changes, row);
      put(changes, session);
      notices.forEach(notice -> add(changes, notice));
    });
  }

  private void put(Changes changes, WorkflowSessionRow session) {
    changes.execute(
        "INSERT INTO workflow_session (node, id, stream_id, archive, started_at, opened_at, stopped_at, closed_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET opened_at = excluded.opened_at,"
            + " stopped_at = excluded.stopped_at, closed_at = excluded.closed_at",
        node, session.id(), session.streamId(), session.archive(), millis(session.startedAt()), millis(session.openedAt()),
        millis(session.stoppedAt()), millis(session.closedAt()));
  }

  private void put(Changes changes, WorkflowStreamRow row) {
    changes.execute(
        "INSERT INTO workflow_stream (node, id, name, description, segment_length, startover_window, key_rotation, wanted, is_live,"
            + " is_made, session_id, session_open, created_at, updated_at, started_at, stopped_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
            + " description = excluded.description, segment_length = excluded.segment_length,"
            + " startover_window = excluded.startover_window, key_rotation = excluded.key_rotation,"
            + " wanted = excluded.wanted, is_live = excluded.is_live, is_made = excluded.is_made,"
            + " session_id = excluded.session_id, session_open = excluded.session_open, updated_at = excluded.updated_at,"
            + " started_at = excluded.started_at, stopped_at = excluded.stopped_at",
        node, row.id(), row.name(), row.description(), row.segmentLength(), row.startoverWindow(), row.keyRotation(),
        row.wanted().name(), number(row.isLive()), number(row.isMade()), row.sessionId(), number(row.isSessionOpen()),
        millis(row.createdAt()), millis(row.updatedAt()), millis(row.startedAt()), millis(row.stoppedAt()));
  }

  /** The stream and what its driver knows of it; where its archives are stays known. */
  public void remove(String id) {
    write(id, changes -> {
      changes.execute("DELETE FROM workflow_fact WHERE stream_id = ?", id);
      changes.execute("DELETE FROM workflow_stream WHERE id = ?", id);
      changes.execute(
          "DELETE FROM workflow_session WHERE id IN (SELECT s.id FROM workflow_session s WHERE s.node = ? AND NOT EXISTS"
              + " (SELECT 1 FROM workflow_stream t WHERE t.id = s.stream_id) ORDER BY s.started_at DESC LIMIT 1000 OFFSET "
              + MOST_FORMER + ")",
          node);
    });
  }

  public void putFact(String streamId, String name, String content) {
    write(streamId, changes -> changes.execute(
        "INSERT INTO workflow_fact (stream_id, name, content) VALUES (?, ?, ?)"
            + " ON CONFLICT (stream_id, name) DO UPDATE SET content = excluded.content",
        streamId, name, content));
  }

  public void removeFact(String streamId, String name) {
    write(streamId, changes -> changes.execute(
        "DELETE FROM workflow_fact WHERE stream_id = ? AND name = ?", streamId, name));
  }

  public void add(WorkflowNoticeRow notice) {
    write(notice.streamId(), changes -> add(changes, notice));
  }

  private void add(Changes changes, WorkflowNoticeRow notice) {
    changes.execute(
        "INSERT INTO workflow_notice (node, id, seq, kind, stream_id, content, at)"
            + " SELECT ?, ?, COALESCE(MAX(seq), 0) + 1, ?, ?, ?, ? FROM workflow_notice WHERE node = ? ON CONFLICT (id) DO NOTHING",
        node, notice.id(), notice.kind(), notice.streamId(), notice.content(), millis(notice.at()), node);
  }

  /** The oldest first. */
  public List<WorkflowNoticeRow> notices(int most) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM workflow_notice WHERE node = :node ORDER BY seq LIMIT :most")
                .bind("node", node)
                .bind("most", most)
                .map((rs, context) -> new WorkflowNoticeRow(
                    rs.getString("id"), rs.getString("kind"), rs.getString("stream_id"), rs.getString("content"),
                    Instant.ofEpochMilli(rs.getLong("at"))))
                .list());
  }

  public void told(WorkflowNoticeRow notice) {
    write(notice.streamId(), changes -> changes.execute("DELETE FROM workflow_notice WHERE id = ?", notice.id()));
  }

  private void write(String stream, Consumer<Changes> change) {
    writer.writeNow("what is wanted of the stream " + stream, change);
  }

  private static int number(boolean flag) {
    return flag ? 1 : 0;
  }

  private static Long millis(Instant time) {
    return time == null ? null : time.toEpochMilli();
  }

  private static Instant time(ResultSet rs, String column) throws SQLException {
    long millis = rs.getLong(column);
    return rs.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  private static WorkflowStreamRow streamRow(ResultSet rs, StatementContext context) throws SQLException {
    return new WorkflowStreamRow(
        rs.getString("id"), rs.getString("name"), rs.getString("description"), positive(rs, "segment_length"),
        rs.getLong("startover_window"), positive(rs, "key_rotation"), Wanted.valueOf(rs.getString("wanted")),
        rs.getInt("is_live") != 0, rs.getInt("is_made") != 0, rs.getString("session_id"), rs.getInt("session_open") != 0,
        time(rs, "created_at"), time(rs, "updated_at"), time(rs, "started_at"), time(rs, "stopped_at"));
  }

  private static long positive(ResultSet rs, String column) throws SQLException {
    long value = rs.getLong(column);
    if (value < 1) {
      throw new IllegalStateException(column + " is " + rs.getString(column));
    }
    return value;
  }

  private static WorkflowSessionRow sessionRow(ResultSet rs, StatementContext context) throws SQLException {
    return new WorkflowSessionRow(
        rs.getString("id"), rs.getString("stream_id"), rs.getString("archive"), time(rs, "started_at"),
        time(rs, "opened_at"), time(rs, "stopped_at"), time(rs, "closed_at"));
  }
}
