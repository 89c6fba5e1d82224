package org.reelway.state;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.reelway.recording.FileIdentity;

/** This node's files of finished recordings that are still there, with the objects that they were verified as. */
public final class KeptFiles {
  private final Jdbi jdbi;
  private final Clock clock;
  private final String node;

  /** @param node id of this sidecar */
  public KeptFiles(Jdbi jdbi, Clock clock, String node) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.node = node;
  }

  /**
   * A verified file.
   *
   * @param id of the recording
   * @param identity the very file that was verified, or that it was moved as
   * @param etag of the object, without quotes
   * @param store name of the store that has it; empty for the primary
   */
  public record Kept(
      String id, Path file, FileIdentity identity, String bucket, String key, String etag, Instant verifiedAt,
      String store) {}

  /**
   * In the order in which they were verified.
   *
   * @param before only those verified before this
   * @param after the last one of the page before; null for the first page
   * @param limit of the page
   */
  public List<Kept> oldest(Instant before, Kept after, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT id, kept_as, kept_identity, bucket, object_key, etag, verified_at, store FROM recording"
                        + " WHERE node = :node AND kept_as IS NOT NULL AND state = 'done' AND verified_at < :before"
                        + " AND (verified_at > :at OR (verified_at = :at AND id > :id))"
                        + " ORDER BY verified_at, id LIMIT :limit")
                .bind("node", node)
                .bind("before", before.toEpochMilli())
                .bind("at", after == null ? Long.MIN_VALUE : after.verifiedAt().toEpochMilli())
                .bind("id", after == null ? "" : after.id())
                .bind("limit", limit)
                .map(KeptFiles::kept)
                .list());
  }

  /** The recording's file where it is still there, as far as is known. */
  public Optional<Kept> find(String id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT id, kept_as, kept_identity, bucket, object_key, etag, verified_at, store FROM recording"
                        + " WHERE id = :id AND node = :node AND kept_as IS NOT NULL")
                .bind("node", node)
                .bind("id", id)
                .map(KeptFiles::kept)
                .findOne());
  }

  private static Kept kept(ResultSet rs, StatementContext context) throws SQLException {
    return new Kept(
        rs.getString("id"),
        Path.of(rs.getString("kept_as")),
        FileIdentity.parse(rs.getString("kept_identity")).orElse(new FileIdentity("-", -1, 0)),
        rs.getString("bucket"),
        rs.getString("object_key"),
        rs.getString("etag"),
        Instant.ofEpochMilli(rs.getLong("verified_at")),
        Optional.ofNullable(rs.getString("store")).orElse(""));
  }

  /** The file is not there any more, or not this one; its story says why. */
  public void gone(String id, String why) {
    long now = clock.millis();
    jdbi.useTransaction(
        handle -> {
          handle
              .createUpdate("UPDATE recording SET kept_as = NULL, kept_identity = NULL, updated_at = :now WHERE id = :id")
              .bind("now", now)
              .bind("id", id)
              .execute();
          handle
              .createUpdate("INSERT INTO recording_event (recording_id, at, what) VALUES (:id, :at, :what)")
              .bind("id", id)
              .bind("at", now)
              .bind("what", why)
              .execute();
        });
  }
}
