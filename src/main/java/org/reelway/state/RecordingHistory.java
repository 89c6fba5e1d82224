package org.reelway.state;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;
import org.reelway.recording.FileIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The story of every recording: found, sent, retried, verified, tidied. Written in the background, read at once. */
public final class RecordingHistory {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingHistory.class);
  private static final int LONGEST_TEXT = 4096;
  /** Of a recording, in all, and before the one that says that others are left out. */
  private static final int MOST_EVENTS = 1000;

  private static final int FIRST_EVENTS = 100;
  private static final String LEFT_OUT = "(what happened between is left out here)";
  private static final String FINISHED = "('verified', 'done', 'skipped', 'discarded', 'set-aside')";
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final Jdbi jdbi;
  private final StateWriter writer;
  private final Clock clock;
  private final String node;
  private volatile Consumer<String> ended = id -> {};

  /** @param node id of this sidecar */
  public RecordingHistory(Jdbi jdbi, StateWriter writer, Clock clock, String node) {
    this.jdbi = jdbi;
    this.writer = writer;
    this.clock = clock;
    this.node = node;
  }

  /** @param ended told the id of a recording that waits for nobody any more, in whichever state; must return at once */
  public void whenEnded(Consumer<String> ended) {
    this.ended = ended;
  }

  /**
   * One that another node has is that node's until this one begins to send it: in a folder that both have, both find its marker.
   *
   * @param foundBy marker, hook, settled, released or "upload again"; null when that is not known any more
   */
  public void found(String id, String file, String path, long size, String stream, String foundBy) {
    long now = clock.millis();
    writer.write(
        changes -> {
          int changed = changes.execute(
              "INSERT INTO recording (id, node, file, path, size, stream, state, found_by, found_at, updated_at)"
                  + " VALUES (?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?)"
                  + " ON CONFLICT (id) DO UPDATE SET state = 'waiting', updated_at = excluded.updated_at,"
                  + " stream = COALESCE(excluded.stream, recording.stream),"
                  + " found_by = COALESCE(excluded.found_by, recording.found_by) WHERE recording.node = excluded.node",
              id, node, file, path, size, stream, foundBy, now, now);
          if (foundBy != null && changed > 0) {
            event(changes, id, now, "found (" + foundBy + ")");
          }
          discardSetAside(changes, id, file, now);
        });
  }

  /** What was wrong with other files of its path needs nobody's look any more; on another node's disk, it is another path. */
  private void discardSetAside(Changes changes, String id, String file, long now) {
    String others = " FROM recording WHERE state = 'set-aside' AND file = ? AND id <> ? AND node = ?";
    changes.execute(
        "INSERT INTO recording_event (recording_id, at, what) SELECT id, ?, ?" + others,
        now, "discarded: the file that is there now is the recording " + id, file, id, node);
    changes.execute(
        "UPDATE recording SET state = 'discarded', updated_at = ? WHERE id IN (SELECT id" + others + ")", now, file, id, node);
  }

  public void note(String id, String what) {
    long now = clock.millis();
    writer.write(changes -> event(changes, id, now, what));
  }

  /** Changes nothing of one that another node has, unless this one begins to send it. */
  public void state(String id, RecordingState state, String what) {
    long now = clock.millis();
    writer.write(
        changes -> {
          if (state == RecordingState.TRANSFERRING) {
            changes.execute("UPDATE recording SET node = ? WHERE id = ? AND node <> ?", node, id, node);
          }
          int changed = changes.execute(
              "UPDATE recording SET state = ?, updated_at = ?, tidied_at = COALESCE(?, tidied_at) WHERE id = ? AND node = ?",
              state.word(), now, state == RecordingState.DONE ? now : null, id, node);
          if (changed > 0) {
            event(changes, id, now, what);
          }
        });
    if (state == RecordingState.DONE || state == RecordingState.SKIPPED || state == RecordingState.DISCARDED) {
      ended.accept(id);
    }
  }

  /** What was done with a finished recording is over; it is finished as before. */
  public void finishedAgain(String id, String what) {
    long now = clock.millis();
    writer.write(
        changes -> {
          changes.execute("UPDATE recording SET state = 'done', updated_at = ? WHERE id = ?", now, id);
          event(changes, id, now, what);
        });
  }

  /**
   * The end of the way.
   *
   * @param how in a word: kept, deleted, moved or gone
   * @param keptAs where the file is now; null where it is gone
   * @param identity of that file
   */
  public void tidied(String id, String how, Path keptAs, FileIdentity identity) {
    long now = clock.millis();
    writer.write(
        changes -> {
          changes.execute(
              "UPDATE recording SET node = ?, state = 'done', updated_at = ?, tidied_at = ?, kept_as = ?, kept_identity = ?"
                  + " WHERE id = ?",
              node, now, now, keptAs == null ? null : keptAs.toString(), keptAs == null ? null : identity.text(), id);
          event(changes, id, now, "tidied: " + how);
        });
    ended.accept(id);
  }

  /** What a try adds to the counts, however it ended. */
  public void tried(String id, int parts, int partsResumed, long bytesSent, long retries) {
    writer.write(
        changes ->
            changes.execute(
                "UPDATE recording SET tries = tries + 1, parts = ?, parts_resumed = ?, bytes_sent = bytes_sent + ?,"
                    + " retries = retries + ? WHERE id = ?",
                parts, partsResumed, bytesSent, retries, id));
  }

  /** @param store name of the store that has it; empty for the primary, and where it is in the backup */
  public void verified(
      String id, String store, String bucket, String key, String address, String etag, String versionId, String evidence) {
    long now = clock.millis();
    writer.write(
        changes -> {
          changes.execute(
              "UPDATE recording SET node = ?, state = 'verified', store = ?, bucket = ?, object_key = ?, address = ?, etag = ?,"
                  + " version_id = ?, evidence = ?, verified_at = ?, updated_at = ? WHERE id = ?",
              node, store.isEmpty() ? null : store, bucket, key, address, etag, versionId, evidence, now, now, id);
          event(changes, id, now, "verified: " + evidence);
        });
  }

  public void failed(String id, RecordingState state, String errorClass, String error) {
    long now = clock.millis();
    writer.write(
        changes -> {
          changes.execute(
              "UPDATE recording SET node = ?, state = ?, last_error = ?, error_class = ?, updated_at = ? WHERE id = ?",
              node, state.word(), cut(error), errorClass, now, id);
          event(changes, id, now, state.word() + " (" + errorClass + "): " + error);
          shorten(changes, id);
        });
    if (state == RecordingState.SET_ASIDE) {
      ended.accept(id);
    }
  }

  private static void event(Changes changes, String id, long at, String what) {
    changes.execute("INSERT INTO recording_event (recording_id, at, what) VALUES (?, ?, ?)", id, at, cut(what));
  }

  /** An outage of weeks makes an event for each try: the first hundred and the newest stay, and one says that others were there. */
  private static void shorten(Changes changes, String id) {
    String some = "(SELECT rowid FROM recording_event WHERE recording_id = ? ORDER BY at, rowid LIMIT (SELECT ";
    String of = " ELSE 0 END FROM recording_event WHERE recording_id = ?) OFFSET " + FIRST_EVENTS + ")";
    changes.execute(
        "DELETE FROM recording_event WHERE rowid IN " + some + "CASE WHEN COUNT(*) > " + MOST_EVENTS + " THEN COUNT(*) - "
            + MOST_EVENTS + of,
        id, id);
    changes.execute(
        "UPDATE recording_event SET what = ? WHERE rowid IN " + some + "CASE WHEN COUNT(*) >= " + MOST_EVENTS + " THEN 1" + of,
        LEFT_OUT, id, id);
  }

  private static String cut(String text) {
    return text == null || text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }

  /** Newest change first. */
  public List<RecordingStory> list(Optional<RecordingState> state, int limit) {
    return list(new RecordingQuery(state, null, null, null, null), limit);
  }

  /** Newest change first. */
  public List<RecordingStory> list(RecordingQuery query, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM recording" + query.where() + " ORDER BY updated_at DESC, id LIMIT :limit")
                .bindMap(query.values())
                .bind("limit", limit)
                .map(RecordingHistory::story)
                .list());
  }

  /** A word of {@link RecordingState}; also of a state that an earlier version wrote. */
  public Optional<String> stateOf(String id) {
    return jdbi.withHandle(
        handle ->
            handle.createQuery("SELECT state FROM recording WHERE id = :id").bind("id", id).mapTo(String.class).findOne());
  }

  /** With all its events, oldest first. */
  public Optional<RecordingStory> find(String id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM recording WHERE id = :id")
                .bind("id", id)
                .map(RecordingHistory::story)
                .findOne()
                .map(
                    story ->
                        story.withEvents(
                            handle
                                .createQuery(
                                    "SELECT at, what FROM recording_event WHERE recording_id = :id ORDER BY at, rowid")
                                .bind("id", id)
                                .map(
                                    (rs, context) ->
                                        new RecordingStory.Event(
                                            Instant.ofEpochMilli(rs.getLong("at")), rs.getString("what")))
                                .list())));
  }

  /**
   * As {@link #find}, with all that was written before this call: for what is told to others once. Where the state cannot
   * be written for seconds, what is there.
   */
  public Optional<RecordingStory> findWritten(String id) {
    try {
      writer.writeDurably(changes -> {}).get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("the story of {} may lack its last steps: {}", id, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return find(id);
  }

  /** Of this node's recordings that need not be sent again: verified, done, skipped or discarded. */
  public Set<String> finishedIds() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT id FROM recording WHERE node = :node AND (state IN " + FINISHED
                        // One that was on its way back from the backup when the program ended.
                        + " OR id IN (SELECT recording_id FROM backup_copy))")
                .bind("node", node)
                .mapTo(String.class)
                .set());
  }

  /** The same, one after the other: there may be a million. */
  public void finishedIds(Consumer<String> each) {
    jdbi.useTransaction(
        handle ->
            handle
                .createQuery("SELECT id FROM recording WHERE node = :node AND state IN " + FINISHED)
                .bind("node", node)
                .setFetchSize(1000)
                .mapTo(String.class)
                .forEach(each));
  }

  /** Whether another node has it, or had it last. */
  public boolean isElsewhere(RecordingStory story) {
    return !node.equals(story.node());
  }

  /** Whether any node has finished it: in a folder that several share, this one may not know. */
  public boolean isFinished(String id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT COUNT(*) FROM recording WHERE id = :id AND state IN " + FINISHED)
                .bind("id", id)
                .mapTo(Long.class)
                .one() > 0);
  }

  /** This node's recordings that are set aside now. */
  public long setAside() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT COUNT(*) FROM recording WHERE node = :node AND state = :state")
                .bind("node", node)
                .bind("state", RecordingState.SET_ASIDE.word())
                .mapTo(Long.class)
                .one());
  }

  /** Of all nodes. */
  public Map<String, Long> countByState() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT state, COUNT(*) AS n FROM recording GROUP BY state")
                .reduceRows(
                    new java.util.TreeMap<String, Long>(),
                    (map, row) -> {
                      map.put(row.getColumn("state", String.class), row.getColumn("n", Long.class));
                      return map;
                    }));
  }

  /**
   * A finished recording that may be forgotten once its file is gone.
   *
   * @param path relative to the recording folder
   */
  public record Finished(String id, Path file, Path path) {

    /** The recording folder that the file is or was in. */
    public Path folder() {
      Path folder = file;
      for (int up = 0; up < path.getNameCount() && folder.getParent() != null; up++) {
        folder = folder.getParent();
      }
      return folder;
    }
  }

  /**
   * Recordings of this node that were finished longer ago than this, by id.
   *
   * @param after the last id of the page before; empty for the first page
   * @param limit of the page
   */
  public List<Finished> finishedBefore(Duration age, String after, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT id, file, path FROM recording WHERE node = :node AND state IN ('done', 'skipped', 'discarded')"
                        + " AND updated_at < :before AND id > :after"
                        + " AND id NOT IN (SELECT recording_id FROM backup_copy WHERE returned_at IS NULL)"
                        + " ORDER BY id LIMIT :limit")
                .bind("node", node)
                .bind("before", clock.millis() - age.toMillis())
                .bind("after", after)
                .bind("limit", limit)
                .map(
                    (rs, context) ->
                        new Finished(
                            rs.getString("id"), Path.of(rs.getString("file")), Path.of(rs.getString("path"))))
                .list());
  }

  /** Forgets the recordings with all their events. */
  public void forget(Collection<String> ids) {
    jdbi.useTransaction(
        handle -> {
          for (String table : List.of(
              "recording_event WHERE recording_id", "recording_manifest WHERE recording_id",
              "backup_copy WHERE recording_id", "recording_program WHERE recording_id", "recording WHERE id")) {
            PreparedBatch batch = handle.prepareBatch("DELETE FROM " + table + " = :id");
            ids.forEach(id -> batch.bind("id", id).add());
            if (batch.size() > 0) {
              batch.execute();
            }
          }
        });
  }

  private static RecordingStory story(ResultSet rs, StatementContext context) throws SQLException {
    return new RecordingStory(
        rs.getString("id"),
        rs.getString("file"),
        rs.getString("path"),
        rs.getString("node"),
        rs.getLong("size"),
        rs.getString("stream"),
        rs.getString("state"),
        rs.getString("found_by"),
        rs.getString("store"),
        rs.getString("bucket"),
        rs.getString("object_key"),
        rs.getString("address"),
        rs.getString("etag"),
        rs.getString("version_id"),
        rs.getString("evidence"),
        rs.getInt("parts"),
        rs.getInt("parts_resumed"),
        rs.getLong("bytes_sent"),
        rs.getLong("retries"),
        rs.getInt("tries"),
        rs.getString("last_error"),
        rs.getString("error_class"),
        instant(rs, "found_at"),
        instant(rs, "verified_at"),
        instant(rs, "tidied_at"),
        instant(rs, "updated_at"),
        rs.getString("kept_as"),
        List.of());
  }

  private static Instant instant(ResultSet rs, String column) throws SQLException {
    long millis = rs.getLong(column);
    return rs.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
