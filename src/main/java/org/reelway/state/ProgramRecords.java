package org.reelway.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.reelway.failure.OurFailure;

/** The operator's programs of recordings; on disk when a call returns, so that what has ended is not run again. */
public final class ProgramRecords {
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(30);

  private final Jdbi jdbi;
  private final StateWriter writer;
  private final String node;

  /** @param node id of this sidecar */
  public ProgramRecords(Jdbi jdbi, StateWriter writer, String node) {
    this.jdbi = jdbi;
    this.writer = writer;
    this.node = node;
  }

  /** Also another node's: in a folder that both have, a program that has ended is not run again. */
  public Optional<ProgramRecord> find(String recordingId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM recording_program WHERE recording_id = :id")
                .bind("id", recordingId)
                .map(ProgramRecords::row)
                .findOne());
  }

  /** Of the file that a program took away, wherever it is now. */
  public Optional<ProgramRecord> taken(String identity) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM recording_program WHERE node = :node AND identity = :identity AND state = 'took'")
                .bind("node", node)
                .bind("identity", identity)
                .map(ProgramRecords::row)
                .findFirst());
  }

  /** At the path, in the state; several where the file is another by now. */
  public List<ProgramRecord> at(String place, ProgramRecord.State state) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM recording_program WHERE node = :node AND place = :place AND state = :state")
                .bind("node", node)
                .bind("place", place)
                .bind("state", state.word())
                .map(ProgramRecords::row)
                .list());
  }

  /**
   * @param instead the id that the recording had before; the same where it is the same
   * @throws OurFailure when it is not on disk
   */
  public void put(ProgramRecord row, String instead) {
    await(
        writer.writeDurably(
            changes -> {
              if (!instead.equals(row.recordingId())) {
                changes.execute("DELETE FROM recording_program WHERE recording_id = ?", instead);
              }
              changes.execute(
                  "INSERT INTO recording_program (node, recording_id, place, identity, state, mark, tries, exit_code, problem,"
                      + " begun_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                      + " ON CONFLICT (recording_id) DO UPDATE SET node = excluded.node, identity = excluded.identity,"
                      + " state = excluded.state, mark = excluded.mark, tries = excluded.tries,"
                      + " exit_code = excluded.exit_code, problem = excluded.problem, begun_at = excluded.begun_at,"
                      + " ended_at = excluded.ended_at",
                  node, row.recordingId(), row.place(), row.identity(), row.state().word(), row.mark(), row.tries(),
                  row.exitCode(), row.problem(), row.begunAt().toEpochMilli(),
                  row.endedAt() == null ? null : row.endedAt().toEpochMilli());
            }),
        row.recordingId());
  }

  /** @throws OurFailure when it is not on disk */
  public void remove(String recordingId) {
    await(
        writer.writeDurably(
            changes -> changes.execute("DELETE FROM recording_program WHERE recording_id = ?", recordingId)),
        recordingId);
  }

  private static void await(CompletableFuture<Void> written, String id) {
    try {
      written.get(LONGEST_WRITE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new OurFailure("how the program of the recording " + id + " stands cannot be written to the state: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OurFailure("stopped while the program of the recording " + id + " was noted", e);
    }
  }

  private static ProgramRecord row(ResultSet rs, StatementContext context) throws SQLException {
    int exitCode = rs.getInt("exit_code");
    Integer code = rs.wasNull() ? null : exitCode;
    long ended = rs.getLong("ended_at");
    Instant endedAt = rs.wasNull() ? null : Instant.ofEpochMilli(ended);
    return new ProgramRecord(
        rs.getString("recording_id"),
        rs.getString("place"),
        rs.getString("identity"),
        ProgramRecord.State.of(rs.getString("state")),
        rs.getString("mark"),
        rs.getInt("tries"),
        code,
        rs.getString("problem"),
        Instant.ofEpochMilli(rs.getLong("begun_at")),
        endedAt);
  }
}
