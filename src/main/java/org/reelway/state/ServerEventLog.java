package org.reelway.state;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/** Events of this node's media servers that were answered, until they are acted on, and for a while after. */
public final class ServerEventLog {
  private final Jdbi jdbi;
  private final StateWriter writer;
  private final Clock clock;
  private final String node;
  private final AtomicLong lastNumber;

  /** @param node id of this sidecar */
  public ServerEventLog(Jdbi jdbi, StateWriter writer, Clock clock, String node) {
    this.jdbi = jdbi;
    this.writer = writer;
    this.clock = clock;
    this.node = node;
    this.lastNumber =
        new AtomicLong(
            jdbi.withHandle(
                handle ->
                    handle
                        .createQuery("SELECT COALESCE(MAX(id), 0) FROM server_event WHERE node = :node")
                        .bind("node", node)
                        .mapTo(Long.class)
                        .one()));
  }

  /** @param content of the event, as whoever stored it reads it */
  public record Entry(long number, String content) {}

  /** The number of the next event; they go up in the order of their storing. */
  public long next() {
    return lastNumber.incrementAndGet();
  }

  /**
   * @param eventId by which a repetition is known; may be empty
   * @return completed by the writing thread, in the order of the calls, once it is on disk
   */
  public CompletableFuture<Void> store(long number, Instant received, String eventId, String content) {
    return writer.writeDurably(
        changes ->
            changes.execute(
                "INSERT INTO server_event (node, id, received_at, event_id, content) VALUES (?, ?, ?, ?, ?)",
                node, number, received.toEpochMilli(), eventId, content));
  }

  /** It was acted on: only its id is kept. */
  public void done(long number) {
    long now = clock.millis();
    writer.write(
        changes ->
            changes.execute("UPDATE server_event SET done_at = ?, content = '' WHERE node = ? AND id = ?", now, node, number));
  }

  /** None that waits from this number on is acted on any more. */
  public void giveUp(long from) {
    long now = clock.millis();
    writer.write(
        changes ->
            changes.execute(
                "UPDATE server_event SET done_at = ?, content = '' WHERE node = ? AND done_at IS NULL AND id >= ?", now, node, from));
  }

  /** Those that nothing acted on yet, the oldest first, one after the other until one is not taken. */
  public void waiting(Predicate<Entry> taken) {
    jdbi.useHandle(
        handle -> {
          try (Stream<Entry> all =
              handle
                  .createQuery("SELECT id, content FROM server_event WHERE node = :node AND done_at IS NULL ORDER BY id")
                  .bind("node", node)
                  .map((rs, context) -> new Entry(rs.getLong("id"), rs.getString("content")))
                  .stream()) {
            all.takeWhile(taken).forEach(each -> {});
          }
        });
  }

  /** The newest ids, the oldest of them first. */
  public List<String> eventIds(int most) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT event_id FROM (SELECT id, event_id FROM server_event WHERE node = :node AND event_id <> ''"
                        + " ORDER BY id DESC LIMIT :most) newest ORDER BY id")
                .bind("node", node)
                .bind("most", most)
                .mapTo(String.class)
                .list());
  }

  /** Forgets those that were acted on, but for the newest ones. */
  public void forget(int keep) {
    long before = lastNumber.get() - keep;
    writer.write(
        changes -> changes.execute("DELETE FROM server_event WHERE node = ? AND done_at IS NOT NULL AND id < ?", node, before));
  }
}
