package org.reelway.state;

import java.time.Clock;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Unfinished uploads of this node that wait for their abort; written at once, for nobody else knows of them. */
public final class AbandonedUploads {
  private final Jdbi jdbi;
  private final Clock clock;
  private final String node;
  private final String store;

  /** Those of the primary store. */
  public AbandonedUploads(Jdbi jdbi, Clock clock, String node) {
    this(jdbi, clock, node, null);
  }

  /**
   * @param node id of this sidecar
   * @param store what the settings of the store start with; null for the primary
   */
  public AbandonedUploads(Jdbi jdbi, Clock clock, String node, String store) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.node = node;
    this.store = store;
  }

  public record Upload(String bucket, String key, String uploadId, String why) {}

  public void add(Upload upload) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "INSERT INTO abandoned_upload (bucket, object_key, upload_id, why, at, store, node)"
                        + " VALUES (:bucket, :key, :uploadId, :why, :at, :store, :node) ON CONFLICT DO NOTHING")
                .bindMethods(upload)
                .bind("store", store)
                .bind("node", node)
                .bind("at", clock.millis())
                .execute());
  }

  public List<Upload> all() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM abandoned_upload WHERE node = :node AND COALESCE(store, '') = :store ORDER BY at")
                .bind("node", node)
                .bind("store", store == null ? "" : store)
                .map(
                    (rs, context) ->
                        new Upload(
                            rs.getString("bucket"),
                            rs.getString("object_key"),
                            rs.getString("upload_id"),
                            rs.getString("why")))
                .list());
  }

  /** The store has taken the abort. */
  public void remove(Upload upload) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "DELETE FROM abandoned_upload WHERE bucket = :bucket AND object_key = :key"
                        + " AND upload_id = :uploadId")
                .bindMethods(upload)
                .execute());
  }
}
