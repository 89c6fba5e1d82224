package org.reelway.state;

import java.time.Clock;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;

/** Which manifests were written and verified. Lost, only their absence goes unnoticed; so they are written behind. */
public final class ManifestRecords {
  private final Jdbi jdbi;
  private final StateWriter writer;
  private final Clock clock;

  /** @param writer null where nothing is written */
  public ManifestRecords(Jdbi jdbi, StateWriter writer, Clock clock) {
    this.jdbi = jdbi;
    this.writer = writer;
    this.clock = clock;
  }

  /**
   * @param key of the manifest
   * @param etag of the manifest, without quotes
   * @param size bytes of the manifest
   */
  public record Written(String recordingId, String bucket, String key, String etag, long size) {}

  public void written(Written manifest) {
    long now = clock.millis();
    writer.write(
        changes ->
            changes
                .handle()
                .createUpdate(
                    "INSERT INTO recording_manifest (recording_id, bucket, object_key, etag, size, at)"
                        + " VALUES (:recordingId, :bucket, :key, :etag, :size, :now)"
                        + " ON CONFLICT (recording_id) DO UPDATE SET bucket = excluded.bucket,"
                        + " object_key = excluded.object_key, etag = excluded.etag, size = excluded.size,"
                        + " at = excluded.at")
                .bindMethods(manifest)
                .bind("now", now)
                .execute());
  }

  /**
   * All of the bucket, oldest first, one after the other.
   *
   * @param store name of the store, empty for the primary; null where the state knows of one only
   */
  public void each(String bucket, String store, Consumer<Written> consumer) {
    String there = store == null ? " AND :store IS NULL"
        : " AND recording_id IN (SELECT id FROM recording WHERE COALESCE(store, '') = :store)";
    jdbi.useHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM recording_manifest WHERE bucket = :bucket" + there + " ORDER BY at")
                .bind("bucket", bucket)
                .bind("store", store)
                .map(
                    (rs, context) ->
                        new Written(
                            rs.getString("recording_id"),
                            rs.getString("bucket"),
                            rs.getString("object_key"),
                            rs.getString("etag"),
                            rs.getLong("size")))
                .useStream(rows -> rows.forEach(consumer)));
  }
}
