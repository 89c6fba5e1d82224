package org.reelway.state;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Jdbi;

/**
 * What one node at a time may do, for a while that it makes longer again and again. Times are the database's, so that clocks of nodes
 * need not agree. Whoever was paused for longer, or cut off, has lost it without knowing: so each write that another could have made
 * meanwhile names the fence. Safe for several threads.
 */
public final class Leases {
  /** Others wait so long for what a node had that is gone. */
  public static final Duration LENGTH = Duration.ofSeconds(30);

  /** Taken off the time that this node trusts: its clock may run slower than the database's. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private final Jdbi jdbi;
  private final Clock clock;
  private final String node;
  /** By name, until when this node trusts that it has it ({@link System#nanoTime}, which goes on while a process is stopped). */
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  /** @param node id of this one */
  public Leases(Jdbi jdbi, Clock clock, String node) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.node = node;
  }

  /** Id of this one. */
  public String node() {
    return node;
  }

  /** @param fence goes up whenever another process gets it */
  public record Lease(String name, long fence) {}

  private record Held(Lease lease, long untilNanos) {
    boolean isTrusted() {
      return System.nanoTime() - untilNanos < 0;
    }
  }

  /**
   * Takes it where nobody has it, or makes it longer where this node has it. Its fence stays where nobody else had it meanwhile, however
   * late this is.
   *
   * @return empty where another node has it
   */
  public Optional<Lease> take(String name) {
    long asked = System.nanoTime();
    Held before = held.get(name);
    Optional<Lease> taken = jdbi.inTransaction(handle -> {
      String now = StateTime.term(handle, clock);
      return handle
          .createQuery(
              "INSERT INTO lease (name, node, fence, ends_at) VALUES (:name, :node, 1, " + now + " + :length)"
                  + " ON CONFLICT (name) DO UPDATE SET node = excluded.node, ends_at = excluded.ends_at,"
                  + " fence = lease.fence + CASE WHEN lease.node = excluded.node AND lease.fence = :had THEN 0 ELSE 1 END"
                  + " WHERE lease.node = excluded.node OR lease.ends_at <= " + now + " RETURNING fence")
          .bind("name", name)
          .bind("node", node)
          .bind("length", LENGTH.toMillis())
          .bind("had", before == null ? 0 : before.lease().fence())
          .mapTo(Long.class)
          .findOne()
          .map(fence -> new Lease(name, fence));
    });
    taken.ifPresentOrElse(
        lease -> held.put(name, new Held(lease, asked + LENGTH.minus(MARGIN).toNanos())), () -> held.remove(name));
    return taken;
  }

  /** As {@link #take}, for one that many nodes ask for again and again: who does not get it only reads, and locks nothing. */
  public Optional<Lease> ask(String name) {
    return !held.containsKey(name) && isOfAnother(name) ? Optional.empty() : take(name);
  }

  private boolean isOfAnother(String name) {
    return jdbi.withHandle(handle -> handle
        .createQuery(
            "SELECT COUNT(*) FROM lease WHERE name = :name AND node <> :node AND ends_at > " + StateTime.term(handle, clock))
        .bind("name", name).bind("node", node)
        .mapTo(Long.class).one()) > 0;
  }

  /** The one that this node surely has now, without asking; empty where that is not sure. */
  public Optional<Lease> trusted(String name) {
    return Optional.ofNullable(held.get(name)).filter(Held::isTrusted).map(Held::lease);
  }

  /** Lets others have it at once. */
  public void release(Lease lease) {
    held.remove(lease.name());
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE lease SET ends_at = 0 WHERE name = ? AND node = ? AND fence = ?", lease.name(), node, lease.fence()));
  }

  /** Lets others have it at once, whose fence begins anew: for what is not to be done any more. */
  public void end(Lease lease) {
    held.remove(lease.name());
    jdbi.useHandle(
        handle ->
            handle.execute("DELETE FROM lease WHERE name = ? AND node = ? AND fence = ?", lease.name(), node, lease.fence()));
  }

  /** Condition of a statement that only who still has the lease may make: {@code WHERE … AND} this. Its values: name, fence. */
  public static String isHeld() {
    return "EXISTS (SELECT 1 FROM lease WHERE lease.name = ? AND lease.fence = ?)";
  }
}
