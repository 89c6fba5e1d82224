package org.reelway.conference.farm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.reelway.conference.farm.FarmNotes.Note;
import org.reelway.conference.mixer.MixJob;
import org.reelway.conference.mixer.MixJobs;
import org.reelway.conference.mixer.MixOrder;
import org.reelway.conference.mixer.Mixed;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.failure.Sha256;
import org.reelway.recording.FileIdentity;
import org.reelway.state.Leases;
import org.reelway.state.MixOrderRow;
import org.reelway.state.MixOrders;
import org.reelway.transfer.Fence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker of the farm: takes an order under a lease, fetches the recording, has it mixed, and is done when the mix is in the store. A
 * worker that was paused or cut off for so long that another one has its order drops all that it made of it. Safe for several threads.
 */
public final class FarmWorker implements MixJobs.Listener, Fence, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FarmWorker.class);
  private static final Duration BEAT = Duration.ofSeconds(5);
  /** An order that ended so many workers is no order for another one. */
  private static final int MOST_TRIES = 5;

  private final MixOrders orders;
  private final Leases leases;
  private final FarmFetch fetch;
  private final Finished listener;
  private final Consumer<Path> discard;
  private final FarmNotes notes;
  private final Map<String, Claim> claims = new ConcurrentHashMap<>();
  /** Orders that a thread is about to claim, or whose recording it fetches. */
  private final Set<String> taking = ConcurrentHashMap.newKeySet();
  private final NamedMixes mixes = new NamedMixes();
  private final Patience patience = new Patience();
  private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("mix-leases"));
  private volatile MixJobs jobs;

  /** Who takes care of a mix that has its name; comes again until that has returned. */
  @FunctionalInterface
  public interface Finished {
    void mixed(MixOrderRow order, MixJob job, Mixed mixed);
  }

  /**
   * @param discard deletes a recording that is not to be sent, and its marker
   * @param folder of our own
   */
  public FarmWorker(MixOrders orders, Leases leases, FarmFetch fetch, Finished listener, Consumer<Path> discard, Path folder) {
    this.orders = orders;
    this.leases = leases;
    this.fetch = fetch;
    this.listener = listener;
    this.discard = discard;
    this.notes = new FarmNotes(folder);
  }

  /** Takes up what this worker had before a restart, before anything can send its mixes. */
  public void recover(MixJobs mixer) {
    jobs = mixer;
    try {
      fetch.clear();
      for (Note note : notes.all()) {
        claims.put(note.id(), new Claim(orders, leases, notes, note));
        mixes.add(note);
      }
    } catch (IOException e) {
      throw new OurFailure("what this worker had of mixes before its start cannot be looked at: " + e, e);
    }
    jobs.dropLeft(claims::containsKey);
  }

  /** Routes run. */
  public void begin() {
    beats.scheduleWithFixedDelay(this::beat, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Orders that this worker has. */
  public int number() {
    return claims.size();
  }

  private void beat() {
    claims.values().forEach(claim -> {
      try {
        if (isStillOurs(claim)) {
          goOn(claim);
        }
      } catch (RuntimeException e) {
        LOG.debug("{}: {}", claim.name(), e.toString());
      }
    });
  }

  /** What a restart, or a database that was away, left. */
  private void goOn(Claim claim) {
    if (claim.failure().isPresent()) {
      if (claim.failed()) {
        end(claim, false);
      }
    } else if (claim.order().isEmpty()) {
      MixOrderRow row = claim.ask();
      if (claim.note().mix().isEmpty()) {
        // It may be the order that ended this worker.
        giveBack(claim, false);
      } else if (jobs.hasLeft(claim.id())) {
        jobs.adopt(claim.id(), order(row), row.identity(), fetch.place(row));
      }
    }
  }

  /** Makes the lease longer. @return false where the order has ended, or is lost: all that this worker made of it is gone then */
  private synchronized boolean isStillOurs(Claim claim) {
    Claim.Standing standing = claims.get(claim.id()) == claim ? claim.renew() : null;
    if (standing == Claim.Standing.MIXED || standing == Claim.Standing.FAILED) {
      end(claim, standing == Claim.Standing.MIXED);
    } else if (standing == Claim.Standing.LOST) {
      lose(claim);
    }
    return standing == Claim.Standing.OURS;
  }

  private boolean isSure(Claim claim) {
    return claim.isSure() || isStillOurs(claim);
  }

  private void lose(Claim claim) {
    LOG.warn("the mix {} is {} by now; what this worker made of it is deleted", claim.name(), claim.loss());
    jobs.drop(claim.id());
    if (!claim.note().mix().isEmpty()) {
      mixes.lose(Path.of(claim.note().mix()));
      discard(claim.note());
    }
    forget(claim);
  }

  /** Unless another file has its place. */
  private void discard(Note note) {
    Path mix = Path.of(note.mix());
    try {
      if (Files.exists(mix) && FileIdentity.of(mix).text().equals(note.identity())) {
        discard.accept(mix);
      }
    } catch (IOException e) {
      throw new OurFailure(mix + " cannot be looked at: " + e, e);
    }
  }

  private void end(Claim claim, boolean isMixed) {
    if (!isMixed) {
      jobs.drop(claim.id());
    }
    forget(claim);
    claim.release(isMixed);
  }

  private void giveBack(Claim claim, boolean inOrder) {
    claim.giveBack(inOrder);
    jobs.drop(claim.id());
    forget(claim);
    claim.release(false);
  }

  private void forget(Claim claim) {
    claim.forget();
    claims.remove(claim.id());
    mixes.forget(claim.id());
    claim.end.complete(null);
  }

  private MixOrder order(MixOrderRow row) {
    return new MixOrder(
        fetch.place(row), row.recorderUri(), Instant.ofEpochMilli(row.created()), Duration.ofMillis(row.length()));
  }

  /**
   * Takes an order, and fetches its recording. Waits while the database or the store is away, or the disk is full.
   *
   * @return false where there is nothing to do here: it is done, or somebody's
   * @throws WorkerEnds this sidecar stops
   */
  public boolean take(String id) {
    if (!taking.add(id)) {
      return false;
    }
    try {
      Optional<Claim> claim = claims.containsKey(id) ? Optional.empty() : patience.until(() -> Claim.take(orders, leases, notes, id));
      claim.ifPresent(this::fetch);
      return claim.isPresent();
    } finally {
      taking.remove(id);
    }
  }

  private void fetch(Claim claim) {
    claims.put(claim.id(), claim);
    MixOrderRow order = claim.order().orElseThrow();
    try {
      if (order.tries() > MOST_TRIES) {
        throw new InputFailure(MOST_TRIES + " workers ended while they mixed it; the log of the last ones may tell why");
      }
      patience.until(() -> isSure(claim) && begin(claim, order));
    } catch (InputFailure e) {
      fail(claim, e.getMessage());
    } finally {
      fetch.clear(order.id());
    }
  }

  /** @return false where it was lost meanwhile */
  private boolean begin(Claim claim, MixOrderRow order) {
    claim.write("", "");
    Path file = fetch.fetch(order);
    boolean isOurs = isSure(claim);
    if (isOurs) {
      jobs.adopt(order.id(), order(order), order.identity(), file);
    }
    return isOurs;
  }

  /** Noted by the beat, which does that again until the database has it. */
  private void fail(Claim claim, String why) {
    claim.fail(why);
    beats.execute(this::beat);
  }

  /**
   * Returns when an order that was taken has ended here.
   *
   * @throws WorkerEnds this sidecar stops
   */
  public void await(String id) {
    Claim claim = claims.get(id);
    try {
      if (claim != null) {
        claim.end.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WorkerEnds();
    } catch (ExecutionException e) {
      throw new WorkerEnds();
    }
  }

  @Override
  public boolean isOurs(MixJob job, Mixed mixed) {
    Claim claim = claims.get(job.id());
    if (claim == null || !isSure(claim)) {
      return false;
    }
    if (!claim.note().mix().equals(mixed.file().toString())) {
      claim.write(mixed.file().toString(), mixed.identity());
      mixes.add(claim.note());
    }
    return true;
  }

  @Override
  public void mixed(MixJob job, Mixed mixed) {
    Claim claim = claims.get(job.id());
    if (claim != null && isSure(claim)) {
      listener.mixed(claim.order().orElseThrow(), job, mixed);
    }
  }

  @Override
  public void failed(MixJob job, String why) {
    Optional.ofNullable(claims.get(job.id())).ifPresent(claim -> fail(claim, why));
  }

  private Optional<Claim> claimOf(Path mix) {
    return mixes.order(mix).map(claims::get);
  }

  /** Whether the file is a mix of the farm that this worker made. */
  public boolean isMix(Path file) {
    return mixes.order(file).isPresent();
  }

  /**
   * The mix is in the store and told of; the order is done where this is one's mix.
   *
   * @throws DestinationFailure another worker has the order by now
   */
  public void sent(Path file, String key) {
    claimOf(file).ifPresent(claim -> {
      if (claim.mixed(key)) {
        end(claim, true);
      } else if (isStillOurs(claim)) {
        throw new DestinationFailure("the mix " + claim.name() + " could not be noted as done");
      }
    });
    requireNotLost(file);
  }

  @Override
  public Optional<String> objectId(Path recording) {
    return mixes.order(recording).map(id -> Sha256.hex("mix\0" + id, 20));
  }

  @Override
  public void require(Path recording) {
    claimOf(recording).ifPresent(this::isSure);
    requireNotLost(recording);
  }

  private void requireNotLost(Path file) {
    if (mixes.isLost(file)) {
      throw new DestinationFailure(file + " is not sent: its order is another worker's, or has ended");
    }
  }

  /** Nothing is begun any more, and nobody waits for what is under way. */
  public void drain() {
    patience.stop();
    List.copyOf(claims.values()).forEach(claim -> claim.end.completeExceptionally(new WorkerEnds()));
  }

  /** What is not made goes to others at once; a mix that is made waits for this worker's next start, as long as its lease lasts. */
  @Override
  public void close() {
    drain();
    beats.shutdownNow();
    for (Claim claim : List.copyOf(claims.values())) {
      try {
        if (claim.note().mix().isEmpty()) {
          giveBack(claim, true);
        }
      } catch (RuntimeException e) {
        LOG.debug("{}: {}", claim.name(), e.toString());
      }
    }
  }
}
