package org.reelway.state;

import java.time.Clock;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Unfinished uploads of our own that wait for their abort; written at once, for nobody else knows of them. */
public final class AbandonedUploads {
  private final Jdbi jdbi;
  private final Clock clock;

  public AbandonedUploads(Jdbi jdbi, Clock clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  public record Upload(String bucket, String key, String uploadId, String why) {}

  public void add(Upload upload) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "INSERT INTO abandoned_upload (bucket, object_key, upload_id, why, at)"
                        + " VALUES (:bucket, :key, :uploadId, :why, :at) ON CONFLICT DO NOTHING")
                .bindMethods(upload)
                .bind("at", clock.millis())
                .execute());
  }

  public List<Upload> all() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM abandoned_upload ORDER BY at")
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
