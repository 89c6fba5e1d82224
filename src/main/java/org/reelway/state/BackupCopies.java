package org.reelway.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The recordings that went from this node to the backup store, those that were brought back included. Written at once: whoever asks
 * next must not send a recording that waits there.
 */
public final class BackupCopies {
  private static final int LONGEST_TEXT = 4096;

  private final Jdbi jdbi;
  private final Clock clock;
  private final String node;

  /** @param node id of this sidecar, which brings its own back */
  public BackupCopies(Jdbi jdbi, Clock clock, String node) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.node = node;
  }

  /**
   * Where a recording is and where it belongs.
   *
   * @param size bytes
   * @param store address of the backup store
   * @param etag of the object there, without quotes
   * @param homeStore address of the primary store
   * @param homeKey that the recording has there when nobody else has it
   * @param homeName of that store; empty for the primary
   * @param note as it lies in the backup store, JSON
   * @param problem why it cannot be brought back; null where there is none
   * @param returned null while it waits in the backup
   */
  public record Copy(
      String id,
      long size,
      String store,
      String bucket,
      String key,
      String etag,
      String homeStore,
      String homeBucket,
      String homeKey,
      String homeName,
      Instant since,
      String note,
      String problem,
      Returned returned) {}

  /** @param versionId null where the primary's bucket keeps no versions */
  public record Returned(Instant at, String key, String etag, String versionId) {}

  /** @param oldest null when none waits */
  public record Waiting(long recordings, long bytes, Instant oldest, long problems) {}

  /** It is in the backup, whatever was known before. */
  public void put(Copy copy) {
    jdbi.useTransaction(
        handle -> {
          handle.createUpdate("DELETE FROM backup_copy WHERE recording_id = :id").bind("id", copy.id()).execute();
          handle
              .createUpdate(
                  "INSERT INTO backup_copy (recording_id, size, store, bucket, object_key, etag, home_store,"
                      + " home_bucket, home_key, home_name, since, note, node) VALUES (:id, :size, :store, :bucket, :key, :etag,"
                      + " :homeStore, :homeBucket, :homeKey, :homeName, :at, :note, :node)")
              .bindMethods(copy)
              .bind("node", node)
              .bind("at", copy.since().toEpochMilli())
              .execute();
        });
  }

  /** Whichever node's it is. */
  public Optional<Copy> find(String id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM backup_copy WHERE recording_id = :id")
                .bind("id", id)
                .map(BackupCopies::copy)
                .findOne());
  }

  /** Those of the ids, of all nodes, that ever were in the backup, by id. */
  public Map<String, Copy> findAll(List<String> ids) {
    Map<String, Copy> found = new TreeMap<>();
    if (!ids.isEmpty()) {
      jdbi.useHandle(
          handle ->
              handle
                  .createQuery("SELECT * FROM backup_copy WHERE recording_id IN (<ids>)")
                  .bindList("ids", ids)
                  .map(BackupCopies::copy)
                  .forEach(copy -> found.put(copy.id(), copy)));
    }
    return found;
  }

  /** Names of the stores that recordings in the backup wait for. */
  public Set<String> homes() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT DISTINCT home_name FROM backup_copy WHERE node = :node AND returned_at IS NULL")
                .bind("node", node)
                .mapTo(String.class)
                .set());
  }

  /**
   * Those that wait, oldest first.
   *
   * @param home name of the store that they belong to; null for all stores
   * @param after the last one of the page before; null for the first page
   */
  public List<Copy> waiting(String home, Copy after, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT * FROM backup_copy WHERE node = :node AND returned_at IS NULL AND home_name = COALESCE(:home, home_name)"
                        + " AND (since > :at OR (since = :at AND recording_id > :id))"
                        + " ORDER BY since, recording_id LIMIT :limit")
                .bind("node", node)
                .bind("home", home)
                .bind("at", after == null ? Long.MIN_VALUE : after.since().toEpochMilli())
                .bind("id", after == null ? "" : after.id())
                .bind("limit", limit)
                .map(BackupCopies::copy)
                .list());
  }

  public Waiting waiting() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT COUNT(*) AS n, COALESCE(SUM(size), 0) AS bytes, COALESCE(MIN(since), 0) AS oldest,"
                        + " COUNT(problem) AS problems FROM backup_copy WHERE node = :node AND returned_at IS NULL")
                .bind("node", node)
                .map(
                    (rs, context) ->
                        new Waiting(
                            rs.getLong("n"),
                            rs.getLong("bytes"),
                            rs.getLong("n") == 0 ? null : Instant.ofEpochMilli(rs.getLong("oldest")),
                            rs.getLong("problems")))
                .one());
  }

  /** The primary holds it. */
  public void returned(String id, String key, String etag, String versionId) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "UPDATE backup_copy SET returned_at = :now, returned_key = :key, returned_etag = :etag,"
                        + " returned_version = :version, problem = NULL WHERE recording_id = :id")
                .bind("now", clock.millis())
                .bind("key", key)
                .bind("etag", etag)
                .bind("version", versionId)
                .bind("id", id)
                .execute());
  }

  /** @param problem null where there is none any more */
  public void problem(String id, String problem) {
    boolean isLong = problem != null && problem.length() > LONGEST_TEXT;
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate("UPDATE backup_copy SET problem = :problem WHERE recording_id = :id")
                .bind("problem", isLong ? problem.substring(0, LONGEST_TEXT) : problem)
                .bind("id", id)
                .execute());
  }

  private static Copy copy(ResultSet rs, StatementContext context) throws SQLException {
    long returnedAt = rs.getLong("returned_at");
    Returned returned =
        rs.wasNull()
            ? null
            : new Returned(
                Instant.ofEpochMilli(returnedAt),
                rs.getString("returned_key"),
                rs.getString("returned_etag"),
                rs.getString("returned_version"));
    return new Copy(
        rs.getString("recording_id"),
        rs.getLong("size"),
        rs.getString("store"),
        rs.getString("bucket"),
        rs.getString("object_key"),
        rs.getString("etag"),
        rs.getString("home_store"),
        rs.getString("home_bucket"),
        rs.getString("home_key"),
        rs.getString("home_name"),
        Instant.ofEpochMilli(rs.getLong("since")),
        rs.getString("note"),
        rs.getString("problem"),
        returned);
  }
}
