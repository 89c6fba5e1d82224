package org.reelway.state;

import java.time.Instant;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;

/** The objects that the state says were verified. */
public final class VerifiedRecordings {
  /** Those that wait in the backup store are not in this one yet, whatever its bucket is called. */
  private static final String AT_HOME =
      " AND id NOT IN (SELECT recording_id FROM backup_copy WHERE returned_at IS NULL)";

  private final Jdbi jdbi;
  private final String atHome;
  private final String store;

  /**
   * @param knowsBackup whether the state has the table of what is in the backup
   * @param store name of the store that they are in, empty for the primary; null where the state knows of one only
   */
  public VerifiedRecordings(Jdbi jdbi, boolean knowsBackup, String store) {
    this.jdbi = jdbi;
    this.store = store;
    this.atHome = (knowsBackup ? AT_HOME : "") + (store == null ? " AND :store = ''" : " AND COALESCE(store, '') = :store");
  }

  /** Null where the state knows of one only. */
  public String store() {
    return store;
  }

  /**
   * @param size bytes of the recording
   * @param evidence what the verification compared
   */
  public record Verified(String id, String key, long size, String etag, String evidence, Instant at) {}

  /** Those of the bucket whose key starts with the prefix, one after the other. */
  public void each(String bucket, String prefix, Consumer<Verified> consumer) {
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT id, object_key, size, etag, evidence, verified_at FROM recording WHERE bucket = :bucket"
                        + " AND verified_at IS NOT NULL AND substr(object_key, 1, :length) = :prefix"
                        + atHome)
                .bind("bucket", bucket)
                .bind("store", store == null ? "" : store)
                .bind("length", prefix.length())
                .bind("prefix", prefix)
                .map(
                    (rs, context) ->
                        new Verified(
                            rs.getString("id"),
                            rs.getString("object_key"),
                            rs.getLong("size"),
                            rs.getString("etag"),
                            rs.getString("evidence"),
                            Instant.ofEpochMilli(rs.getLong("verified_at"))))
                .useStream(rows -> rows.forEach(consumer)));
  }
}
