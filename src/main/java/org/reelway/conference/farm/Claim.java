package org.reelway.conference.farm;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.reelway.conference.farm.FarmNotes.Note;
import org.reelway.failure.OurFailure;
import org.reelway.state.Leases;
import org.reelway.state.Leases.Lease;
import org.reelway.state.MixOrderRow;
import org.reelway.state.MixOrderRow.State;
import org.reelway.state.MixOrders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An order that this worker has, under a lease. Another worker may get it once that has run out, and then has a higher fence. */
final class Claim {
  private static final Logger LOG = LoggerFactory.getLogger(Claim.class);
  private static final String LEASE = "mix/";

  private final MixOrders orders;
  private final Leases leases;
  private final FarmNotes notes;
  /** Ends when this worker has nothing to do with the order any more. */
  final CompletableFuture<Void> end = new CompletableFuture<>();
  private volatile Note note;
  private volatile MixOrderRow order;
  private volatile String failure;

  /** How the order stands. */
  enum Standing {
    /** This worker is to mix it. */
    OURS,
    /** This worker mixed it. */
    MIXED,
    /** It failed at this worker. */
    FAILED,
    /** It is another worker's, cancelled, or dropped. */
    LOST
  }

  /** One that this worker had before a restart. */
  Claim(MixOrders orders, Leases leases, FarmNotes notes, Note note) {
    this.orders = orders;
    this.leases = leases;
    this.notes = notes;
    this.note = note;
  }

  /** @return empty where there is nothing to do: another worker has it, or it is done, failed, cancelled, or dropped */
  static Optional<Claim> take(MixOrders orders, Leases leases, FarmNotes notes, String id) {
    Optional<Lease> lease = leases.take(LEASE + id);
    Optional<MixOrderRow> row = lease.flatMap(held -> orders.claim(id, leases.node(), held.fence()));
    if (row.isEmpty()) {
      lease.ifPresent(held -> release(leases, held, isOver(orders.find(id))));
      return Optional.empty();
    }
    Claim claim = new Claim(orders, leases, notes, new Note(id, row.get().fence(), "", ""));
    claim.order = row.get();
    return Optional.of(claim);
  }

  String id() {
    return note.id();
  }

  Note note() {
    return note;
  }

  /** As it was when this worker took it; empty after a restart, until {@link #ask} was done. */
  Optional<MixOrderRow> order() {
    return Optional.ofNullable(order);
  }

  MixOrderRow ask() {
    order = orders.find(id()).orElseThrow();
    return order;
  }

  /** For people. */
  String name() {
    return order == null ? id() : id() + " of " + order.path();
  }

  /** Why it cannot be mixed; empty for nothing. */
  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  void fail(String why) {
    failure = why;
  }

  /** On disk when this returns. @param mix that is about to get its name; empty for none yet */
  void write(String mix, String identity) {
    write(note.fence(), mix, identity);
  }

  private void write(long fence, String mix, String identity) {
    note = new Note(id(), fence, mix, identity);
    try {
      notes.write(note);
    } catch (IOException e) {
      throw new OurFailure("that this worker has the mix " + id() + " cannot be noted: " + e, e);
    }
  }

  /** Without asking. */
  boolean isSure() {
    return leases.trusted(LEASE + id()).filter(lease -> lease.fence() == note.fence()).isPresent();
  }

  /** Makes the lease longer. */
  Standing renew() {
    Optional<Lease> lease = leases.take(LEASE + id());
    Optional<MixOrderRow> row = orders.find(id());
    Optional<MixOrderRow> own = row.filter(it -> it.fence() == note.fence() && it.worker().equals(leases.node()));
    if (own.filter(it -> it.state() == State.MIXED).isPresent()) {
      return Standing.MIXED;
    }
    if (own.filter(it -> it.state() == State.FAILED).isPresent()) {
      return Standing.FAILED;
    }
    long fence = lease.map(Lease::fence).orElse(0L);
    boolean isOurs = lease.isPresent() && own.filter(it -> it.state() == State.MIXING).isPresent()
        && (fence == note.fence() || orders.refence(id(), note.fence(), fence));
    if (!isOurs) {
      lease.ifPresent(held -> release(leases, held, isOver(row)));
      return Standing.LOST;
    }
    if (fence != note.fence()) {
      write(fence, note.mix(), note.identity());
    }
    return Standing.OURS;
  }

  /** @return false where that has another one, or has ended: {@link #renew} tells */
  boolean mixed(String key) {
    return orders.mixed(id(), note.fence(), key);
  }

  /** @return as {@link #mixed} */
  boolean failed() {
    return orders.failed(id(), note.fence(), failure);
  }

  /** Others take it up at once. @param inOrder whether it is none of those that ended their worker */
  void giveBack(boolean inOrder) {
    orders.giveBack(id(), note.fence(), inOrder);
  }

  /** What lost it, for people. */
  String loss() {
    return orders.find(id()).map(MixOrderRow::state).map(state -> state == State.MIXING ? "another worker's" : state.word())
        .orElse("dropped");
  }

  void forget() {
    try {
      notes.delete(id());
    } catch (IOException e) {
      LOG.warn("the note of the mix {} cannot be deleted: {}", id(), e.toString());
    }
  }

  /** Others need not wait for the lease to run out. @param isOver whether nobody is to claim it any more */
  void release(boolean isOver) {
    try {
      release(leases, new Lease(LEASE + id(), note.fence()), isOver);
    } catch (RuntimeException e) {
      LOG.debug("the lease of the mix {} runs out by itself: {}", id(), e.toString());
    }
  }

  /** The fence of an order that somebody may still claim never goes down. */
  private static void release(Leases leases, Lease lease, boolean isOver) {
    if (isOver) {
      leases.end(lease);
    } else {
      leases.release(lease);
    }
  }

  private static boolean isOver(Optional<MixOrderRow> row) {
    return row.filter(it -> it.state() != State.MIXED).isEmpty();
  }
}
