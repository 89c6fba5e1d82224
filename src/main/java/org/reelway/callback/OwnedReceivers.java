package org.reelway.callback;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.reelway.state.Leases;
import org.reelway.state.Leases.Lease;
import org.reelway.state.StoredCallbacks;
import org.reelway.state.StoredCallbacks.Standing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receivers that this node delivers to, each under a lease: one node at a time has a receiver, and with it the order and the pauses.
 * Where several nodes could, each takes its share. A lease is made longer while it is used, and else runs out. For one thread, but
 * where a method says otherwise.
 */
final class OwnedReceivers {
  private static final Logger LOG = LoggerFactory.getLogger(OwnedReceivers.class);
  private static final Duration RENEWAL = Duration.ofSeconds(5);
  /** For what other nodes stored, did and asked for. */
  private static final Duration LOOK = Duration.ofSeconds(2);
  /** A receiver is left so long to nodes that have less than their share. */
  private static final Duration COURTESY = Duration.ofSeconds(8);
  /** Longer than any transaction. */
  private static final Duration LATELY = Duration.ofMinutes(10);
  /** A mending for so many looks. */
  private static final int MENDING = 3;

  private final StoredCallbacks stored;
  private final Leases leases;
  private final Clock clock;
  private final Map<String, Owned> owned = new ConcurrentHashMap<>();
  private final Set<String> doubted = ConcurrentHashMap.newKeySet();
  private Map<String, Standing> seen = Map.of();
  /** By receiver, since when no node has it ({@link System#nanoTime}). */
  private final Map<String, Long> freeSince = new HashMap<>();
  /** Another node was quicker, since the last look. */
  private final Set<String> refused = new HashSet<>();
  private int looks;
  private boolean looked;
  private long lookedNanos;
  private int nodes;
  private long share = 1;

  /** @param leaving whether another node may have it once nothing is under way */
  private record Owned(Lease lease, long renewedNanos, boolean leaving) {}

  OwnedReceivers(StoredCallbacks stored, Leases leases, Clock clock) {
    this.stored = stored;
    this.leases = leases;
    this.clock = clock;
  }

  /** Safe for several threads. */
  int count() {
    return owned.size();
  }

  /** Safe for several threads. */
  boolean has(String receiver) {
    return owned.containsKey(receiver);
  }

  /** Whether this node surely has it now. Safe for several threads. */
  boolean isTrusted(Lease lease) {
    return leases.trusted(lease.name()).filter(lease::equals).isPresent();
  }

  /** It may be another's by now, which the next {@link #renew} finds out. Safe for several threads. */
  void doubt(String receiver) {
    doubted.add(receiver);
  }

  /** How long nothing has to be done here. */
  Duration rest(Duration longest) {
    Duration untilLook = stored.isShared() ? LOOK.minusNanos(System.nanoTime() - lookedNanos) : longest;
    Duration rest = owned.isEmpty() || RENEWAL.compareTo(untilLook) > 0 ? untilLook : RENEWAL;
    return rest.isNegative() ? Duration.ZERO : rest;
  }

  /** Whether {@link #look} is due; where the state is this node's alone, once. */
  boolean isLookDue() {
    return !looked || stored.isShared() && System.nanoTime() - lookedNanos >= LOOK.toNanos();
  }

  /** @return how all receivers stand, and whether each was asked for since the look before */
  Map<Standing, Boolean> look() {
    List<Standing> all = stored.standings();
    Map<Standing, Boolean> asked = new HashMap<>();
    Map<String, Standing> now = new HashMap<>();
    for (Standing each : all) {
      Standing before = seen.get(each.receiver());
      now.put(each.receiver(), each);
      asked.put(each, before != null && before.asked() != each.asked());
      if (isOthers(each)) {
        freeSince.remove(each.receiver());
      } else {
        freeSince.putIfAbsent(each.receiver(), System.nanoTime());
      }
    }
    seen = now;
    refused.clear();
    divide(all);
    if (stored.isShared() && looks++ % MENDING == 0) {
      mend(all);
    }
    looked = true;
    lookedNanos = System.nanoTime();
    return asked;
  }

  private boolean isOthers(Standing receiver) {
    return receiver.holder() != null && !receiver.holder().equals(leases.node());
  }

  private void divide(List<Standing> all) {
    int before = nodes;
    nodes = all.stream().mapToInt(Standing::nodes).max().orElse(nodes);
    int takers = Math.max(1, nodes);
    long used = all.stream().filter(each -> each.waits() || each.holder() != null).count();
    share = Math.max(1, (used + takers - 1) / takers);
    if (before > 0 && nodes > before) {
      // What is more than a share is for the node that came. Only now: it may not want any.
      owned.keySet().stream().skip(share).toList().forEach(
          receiver -> owned.computeIfPresent(receiver, (name, each) -> new Owned(each.lease(), each.renewedNanos(), true)));
    }
  }

  /** Nodes that wrote to one queue in the same moment did not see each other. */
  private void mend(List<Standing> all) {
    all.stream().filter(each -> each.waits() && !isOthers(each))
        .forEach(each -> stored.mendQueues(each.receiver(), clock.instant().minus(LATELY)));
  }

  private boolean isWaitedFor(String receiver) {
    Standing standing = seen.get(receiver);
    return standing != null && standing.waits();
  }

  /**
   * Makes those longer that are used, and lets go of the others.
   *
   * @param isBusy whether something of the receiver is under way
   */
  void renew(Predicate<String> isBusy) {
    owned.forEach((receiver, each) -> {
      boolean busy = isBusy.test(receiver);
      boolean isOld = System.nanoTime() - each.renewedNanos() >= RENEWAL.toNanos();
      // Who has it knows how long the receiver is to be left alone; where there is one node, nobody else has to be told.
      boolean isUsed = busy || stored.isShared() && isWaitedFor(receiver);
      if (each.leaving() && !busy) {
        release(receiver);
        refused.add(receiver);
      } else if (doubted.contains(receiver) || isOld && isUsed) {
        take(receiver);
      } else if (!isTrusted(each.lease())) {
        owned.remove(receiver);
      }
    });
    doubted.clear();
  }

  /** Whether this node has the receiver, or may try to. Asks nobody. */
  boolean mayHave(String receiver) {
    Owned mine = owned.get(receiver);
    if (mine != null || !stored.isShared()) {
      return mine == null || !mine.leaving();
    }
    Standing standing = seen.get(receiver);
    if (refused.contains(receiver) || standing != null && isOthers(standing)) {
      return false;
    }
    Long since = freeSince.get(receiver);
    return owned.size() < share || since != null && System.nanoTime() - since >= COURTESY.toNanos();
  }

  /** The lease under which something may be sent now; empty where another node has it. */
  Optional<Lease> lease(String receiver) {
    Owned mine = owned.get(receiver);
    boolean isFresh = mine != null && System.nanoTime() - mine.renewedNanos() < RENEWAL.toNanos() && isTrusted(mine.lease());
    return isFresh ? Optional.of(mine.lease()) : take(receiver);
  }

  private Optional<Lease> take(String receiver) {
    long asked = System.nanoTime();
    Owned before = owned.get(receiver);
    Optional<Lease> taken = leases.take(StoredCallbacks.leaseName(receiver));
    if (before != null && !taken.equals(Optional.of(before.lease()))) {
      LOG.warn("callbacks to {} were taken over by another sidecar, for this one was paused or cut off from the state; what was under"
          + " way here may come to it twice, under the same id", receiver);
    }
    taken.ifPresentOrElse(
        lease -> owned.put(receiver, new Owned(lease, asked, before != null && before.leaving())),
        () -> {
          owned.remove(receiver);
          refused.add(receiver);
        });
    return taken;
  }

  /** Another node may go on with those at once. @param isBusy those stay */
  void release(Predicate<String> isBusy) {
    owned.keySet().stream().filter(isBusy.negate()).forEach(this::release);
  }

  private void release(String receiver) {
    Owned mine = owned.remove(receiver);
    leases.release(mine.lease());
  }
}
