package org.reelway.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.reelway.failure.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The multipart uploads of our own that are neither complete nor aborted. Beginnings are on disk when the call returns:
 * lost, they would leave an upload that nobody calls his own. Ends are written in the background: lost, they leave a row
 * of an upload that is no more, which the next janitor finds out.
 */
public final class BegunUploads implements UploadLedger {
  private static final Logger LOG = LoggerFactory.getLogger(BegunUploads.class);

  private static final Duration SAID_EVERY = Duration.ofMinutes(1);

  private final Jdbi jdbi;
  private final StateWriter writer;
  private final Clock clock;
  private final String node;
  /** Ids that the store gave to this very process while no row could be written: of a full disk, say. */
  private final Set<String> unnoted = ConcurrentHashMap.newKeySet();
  private volatile long saidMillis;

  /** @param node id of this sidecar */
  public BegunUploads(Jdbi jdbi, StateWriter writer, Clock clock, String node) {
    this.jdbi = jdbi;
    this.writer = writer;
    this.clock = clock;
    this.node = node;
  }

  /**
   * @param intent names the row
   * @param store address of the store that it is in
   * @param uploadId null when the store's answer never came: there may be such an upload
   * @param recordingId null when it is no recording's
   */
  public record Upload(
      String intent, String store, String bucket, String key, String uploadId, String recordingId, Instant at) {}

  @Override
  public String intended(String store, String bucket, String key, String recordingId) {
    String intent = UUID.randomUUID().toString();
    long now = clock.millis();
    atOnce(
        bucket + "/" + key,
        handle ->
            handle
                .createUpdate(
                    "INSERT INTO upload (intent, node, store, bucket, object_key, recording_id, at)"
                        + " VALUES (:intent, :node, :store, :bucket, :key, :recording, :now)")
                .bind("intent", intent)
                .bind("node", node)
                .bind("store", store)
                .bind("bucket", bucket)
                .bind("key", key)
                .bind("recording", recordingId)
                .bind("now", now)
                .execute());
    return intent;
  }

  @Override
  public void begun(String intent, String uploadId) {
    boolean noted =
        atOnce(
            "upload " + uploadId,
            handle ->
                handle
                    .createUpdate("UPDATE upload SET upload_id = :id WHERE intent = :intent")
                    .bind("id", uploadId)
                    .bind("intent", intent)
                    .execute());
    if (!noted) {
      unnoted.add(uploadId);
    }
  }

  /** @return whether a row was changed */
  private boolean atOnce(String what, ToIntFunction<Handle> change) {
    try {
      return jdbi.withHandle(change::applyAsInt) > 0;
    } catch (RuntimeException e) {
      long now = clock.millis();
      if (now - saidMillis > SAID_EVERY.toMillis()) {
        saidMillis = now;
        LOG.error(
            "it cannot be noted that {} is our own upload, as of those that follow (transfers go on; should one never end, its"
                + " upload has to be aborted by hand): {}",
            what,
            Failure.rootOf(e));
      }
      return false;
    }
  }

  @Override
  public void withdrawn(String intent) {
    writer.write(changes -> delete(changes.handle(), intent));
  }

  @Override
  public void ended(String bucket, String key, String uploadId) {
    unnoted.remove(uploadId);
    writer.write(
        changes ->
            changes.execute(
                "DELETE FROM upload WHERE bucket = ? AND object_key = ? AND upload_id = ?", bucket, key, uploadId));
  }

  /** Forgets the row, at once. */
  public void forget(Upload upload) {
    jdbi.useHandle(handle -> delete(handle, upload.intent()));
  }

  private static void delete(Handle handle, String intent) {
    handle.createUpdate("DELETE FROM upload WHERE intent = :intent").bind("intent", intent).execute();
  }

  /** Whether Reelway, on any node, created this very upload and knows of no end of it. */
  public boolean isOurs(String bucket, String key, String uploadId) {
    return unnoted.contains(uploadId) || jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT COUNT(*) FROM upload WHERE bucket = :bucket AND object_key = :key AND upload_id = :id")
                .bind("bucket", bucket)
                .bind("key", key)
                .bind("id", uploadId)
                .mapTo(Integer.class)
                .one()
            > 0);
  }

  /**
   * This node's that were begun, or meant to be, longer ago than this, oldest first; whether something still goes on with them is
   * not known here, and of another node's only that one can know.
   */
  public List<Upload> stale(Duration olderThan) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM upload WHERE node = :node AND at < :before ORDER BY at, intent")
                .bind("node", node)
                .bind("before", clock.millis() - olderThan.toMillis())
                .map(BegunUploads::upload)
                .list());
  }

  /** All of this node, oldest first. */
  public List<Upload> all() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM upload WHERE node = :node ORDER BY at, intent")
                .bind("node", node)
                .map(BegunUploads::upload)
                .list());
  }

  private static Upload upload(ResultSet rs, StatementContext context) throws SQLException {
    return new Upload(
        rs.getString("intent"),
        rs.getString("store"),
        rs.getString("bucket"),
        rs.getString("object_key"),
        rs.getString("upload_id"),
        rs.getString("recording_id"),
        Instant.ofEpochMilli(rs.getLong("at")));
  }
}
