package org.reelway.conference.farm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
import org.reelway.state.StateDatabase;
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
  private static final long AGAIN_MILLIS = 1000;
  private static final long LONGEST_MILLIS = 30_000;
  /** An order that ended so many workers is no order for another one. */
  private static final int MOST_TRIES = 5;
  private static final int MOST_LOST = 1000;
  private static final String LEASE = "mix/";

  private final MixOrders orders;
  private final Leases leases;
  private final String node;
  private final FarmFetch fetch;
  private final Finished listener;
  private final Consumer<Path> discard;
  private final FarmNotes notes;
  private final Map<String, Work> works = new ConcurrentHashMap<>();
  /** Orders of mixes that have their names, by file. */
  private final Map<Path, String> mixes = new ConcurrentHashMap<>();
  /** Mixes of orders that this worker lost: a transfer of one may still be under way. */
  private final Set<Path> lost = Collections.newSetFromMap(Collections.synchronizedMap(new LinkedHashMap<>() {
    @Override
    protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
      return size() > MOST_LOST;
    }
  }));
  private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("mix-leases"));
  private volatile MixJobs jobs;
  private volatile boolean stopping;

  /** How an order ended here. */
  public enum Outcome {
    /** The mix is in the store. */
    MIXED,
    /** It cannot be mixed. */
    FAILED,
    /** It is another worker's, cancelled, or dropped. */
    NOT_OURS
  }

  /** @param trouble why; empty for nothing */
  public record End(MixOrderRow order, Outcome outcome, String trouble) {}

  /** Who takes care of a mix that has its name; comes again until that has returned. */
  @FunctionalInterface
  public interface Finished {
    void mixed(MixOrderRow order, MixJob job, Mixed mixed);
  }

  private static final class Work {
    final String id;
    final CompletableFuture<End> end = new CompletableFuture<>();
    volatile long fence;
    volatile MixOrderRow order;
    volatile Note note;
    /** Why it cannot be mixed; null for nothing. */
    volatile String failure;

    Work(String id) {
      this.id = id;
    }
  }

  /**
   * @param discard deletes a recording that is not to be sent, and its marker
   * @param folder of our own
   */
  public FarmWorker(
      MixOrders orders, Leases leases, String node, FarmFetch fetch, Finished listener, Consumer<Path> discard, Path folder) {
    this.orders = orders;
    this.leases = leases;
    this.node = node;
    this.fetch = fetch;
    this.listener = listener;
    this.discard = discard;
    this.notes = new FarmNotes(folder);
  }

  /** Takes up what this worker had before a restart, before anything can send its mixes. */
  public void recover(MixJobs mixer) {
    jobs = mixer;
    try {
      for (Note note : notes.all()) {
        Work work = new Work(note.id());
        work.fence = note.fence();
        work.note = note;
        works.put(work.id, work);
        named(note);
      }
    } catch (IOException e) {
      throw new OurFailure("the notes of mixes that this worker made cannot be read: " + e, e);
    }
    jobs.dropLeft(works::containsKey);
  }

  /** Routes run. */
  public void begin() {
    beats.scheduleWithFixedDelay(this::beat, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Orders that this worker has. */
  public int number() {
    return works.size();
  }

  private void beat() {
    works.values().forEach(work -> {
      try {
        if (isStillOurs(work)) {
          goOn(work);
        }
      } catch (RuntimeException e) {
        LOG.debug("{}: {}", work.id, e.toString());
      }
    });
  }

  /** What a restart, or a database that was away, left. */
  private void goOn(Work work) {
    if (work.failure != null) {
      fail(work, work.failure);
    } else if (work.order == null) {
      MixOrderRow row = orders.find(work.id).orElseThrow();
      work.order = row;
      if (work.note.mix().isEmpty()) {
        // It may be the order that ended this worker.
        giveBack(work, false);
      } else if (jobs.hasLeft(work.id)) {
        jobs.adopt(work.id, order(row), row.identity(), fetch.place(row));
      }
    }
  }

  /** Makes the lease longer. @return false where the order is not this worker's any more; all that it made is gone then */
  private synchronized boolean isStillOurs(Work work) {
    if (works.get(work.id) != work) {
      return false;
    }
    Optional<Leases.Lease> lease = leases.take(LEASE + work.id);
    boolean isOurs = lease.isPresent()
        && (lease.get().fence() == work.fence || orders.refence(work.id, work.fence, lease.get().fence()))
        && orders.isMixing(work.id, lease.get().fence());
    if (!isOurs) {
      lease.ifPresent(leases::release);
      lose(work);
      return false;
    }
    if (lease.get().fence() != work.fence) {
      work.fence = lease.get().fence();
      note(work, work.note.mix(), work.note.identity());
    }
    return true;
  }

  private boolean isSure(Work work) {
    return leases.trusted(LEASE + work.id).filter(lease -> lease.fence() == work.fence).isPresent() || isStillOurs(work);
  }

  private void lose(Work work) {
    String state = orders.find(work.id).map(row -> row.state() == MixOrderRow.State.MIXING ? "another worker's" : row.state().word())
        .orElse("dropped");
    LOG.warn("the mix {} is {} by now; what this worker made of it is deleted", name(work), state);
    jobs.drop(work.id);
    if (!work.note.mix().isEmpty()) {
      lost.add(Path.of(work.note.mix()));
      discard(work.note);
    }
    forget(work);
    work.end.complete(new End(work.order, Outcome.NOT_OURS, state));
  }

  private static String name(Work work) {
    return work.order == null ? work.id : work.id + " of " + work.order.path();
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

  private void forget(Work work) {
    try {
      notes.delete(work.id);
    } catch (IOException e) {
      LOG.warn("the note of the mix {} cannot be deleted: {}", work.id, e.toString());
    }
    works.remove(work.id);
    mixes.values().remove(work.id);
  }

  private void named(Note note) {
    if (!note.mix().isEmpty()) {
      mixes.put(Path.of(note.mix()), note.id());
      lost.remove(Path.of(note.mix()));
    }
  }

  private void note(Work work, String mix, String identity) {
    work.note = new Note(work.id, work.fence, mix, identity);
    try {
      notes.write(work.note);
    } catch (IOException e) {
      throw new OurFailure("that this worker has the mix " + work.id + " cannot be noted: " + e, e);
    }
    named(work.note);
  }

  /**
   * Takes an order, and fetches its recording. Waits while the database or the store is away, or the disk is full.
   *
   * @return empty where there is nothing to do here: it is done, or somebody's
   * @throws WorkerEnds this sidecar stops
   */
  public Optional<End> take(String id, boolean isAgain) {
    Work work = new Work(id);
    if (works.putIfAbsent(id, work) != null) {
      return Optional.empty();
    }
    try {
      Optional<End> failedBefore = claim(work, isAgain);
      if (failedBefore.isPresent() || work.order == null) {
        works.remove(id);
        return failedBefore;
      }
      if (work.order.tries() > MOST_TRIES) {
        fail(work, MOST_TRIES + " workers ended while they mixed it; the log of the last ones may tell why");
        return Optional.of(work.end.join());
      }
      Path file = waiting(work, () -> fetch.fetch(work.order));
      if (file != null) {
        jobs.adopt(id, order(work.order), work.order.identity(), file);
      }
    } catch (InputFailure e) {
      fail(work, e.getMessage());
    } catch (RuntimeException e) {
      works.remove(id, work);
      throw e;
    }
    return Optional.of(new End(work.order, null, ""));
  }

  /** @return what is to be told of one that failed before, and of which its message came again */
  private Optional<End> claim(Work work, boolean isAgain) {
    return waiting(null, () -> {
      if (work.order != null) {
        // Only the note was missing: a disk that is full uses up no tries.
        note(work, "", "");
        return Optional.empty();
      }
      Optional<Leases.Lease> lease = leases.take(LEASE + work.id);
      Optional<MixOrderRow> claimed = lease.flatMap(held -> orders.claim(work.id, node, held.fence()));
      if (claimed.isEmpty()) {
        lease.ifPresent(leases::release);
        return orders.find(work.id).filter(row -> isAgain && row.state() == MixOrderRow.State.FAILED)
            .map(row -> new End(row, Outcome.FAILED, row.trouble()));
      }
      work.fence = claimed.get().fence();
      work.order = claimed.get();
      note(work, "", "");
      return Optional.empty();
    });
  }

  private interface Try<T> {
    T once();
  }

  /**
   * Until it can be done.
   *
   * @param work that has to be this worker's meanwhile, for which null is returned where it is not; null for none
   */
  private <T> T waiting(Work work, Try<T> step) {
    String said = null;
    for (long millis = AGAIN_MILLIS; ; millis = Math.min(2 * millis, LONGEST_MILLIS)) {
      if (stopping) {
        throw new WorkerEnds();
      }
      try {
        return work == null || isSure(work) ? step.once() : null;
      } catch (InputFailure e) {
        throw e;
      } catch (RuntimeException e) {
        String why = StateDatabase.isAway(e) ? StateDatabase.told(e) : String.valueOf(e.getMessage());
        if (!why.equals(said)) {
          LOG.warn("a mix of the farm waits: {}", why);
        }
        said = why;
        pause(millis);
      }
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WorkerEnds();
    }
  }

  /**
   * Returns when the order of {@link #take} has ended.
   *
   * @throws WorkerEnds this sidecar stops
   */
  public End await(End taken) {
    Work work = works.get(taken.order().id());
    if (taken.outcome() != null || work == null) {
      return taken.outcome() != null ? taken : new End(taken.order(), Outcome.NOT_OURS, "");
    }
    try {
      return work.end.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WorkerEnds();
    } catch (Exception e) {
      throw new WorkerEnds();
    }
  }

  private MixOrder order(MixOrderRow row) {
    return new MixOrder(
        fetch.place(row), row.recorderUri(), Instant.ofEpochMilli(row.created()), Duration.ofMillis(row.length()));
  }

  private void fail(Work work, String why) {
    work.failure = why;
    if (!orders.failed(work.id, work.fence, why)) {
      isStillOurs(work);
      return;
    }
    jobs.drop(work.id);
    forget(work);
    release(work);
    work.end.complete(new End(work.order, Outcome.FAILED, why));
  }

  private void giveBack(Work work, boolean inOrder) {
    orders.giveBack(work.id, work.fence, inOrder);
    jobs.drop(work.id);
    forget(work);
    release(work);
  }

  private void release(Work work) {
    leases.release(new Leases.Lease(LEASE + work.id, work.fence));
  }

  @Override
  public boolean isOurs(MixJob job, Mixed mixed) {
    Work work = works.get(job.id());
    if (work == null || !isSure(work)) {
      return false;
    }
    if (!work.note.mix().equals(mixed.file().toString())) {
      note(work, mixed.file().toString(), mixed.identity());
    }
    return true;
  }

  @Override
  public void mixed(MixJob job, Mixed mixed) {
    Work work = works.get(job.id());
    if (work != null && isSure(work)) {
      listener.mixed(work.order, job, mixed);
    }
  }

  @Override
  public void failed(MixJob job, String why) {
    Work work = works.get(job.id());
    if (work != null) {
      // In its own thread, and again until the database has it.
      work.failure = why;
      beats.execute(this::beat);
    }
  }

  /** Whether the file is a mix of the farm that this worker made. */
  public boolean isMix(Path file) {
    return mixes.containsKey(file);
  }

  /**
   * The mix is in the store and told of; the order is done where this is one's mix.
   *
   * @throws DestinationFailure another worker has the order by now
   */
  public void sent(Path file, String key) {
    String id = mixes.get(file);
    Work work = id == null ? null : works.get(id);
    if (work == null) {
      return;
    }
    if (!orders.mixed(id, work.fence, key)) {
      if (isStillOurs(work)) {
        throw new DestinationFailure("the mix " + name(work) + " could not be noted as done");
      }
      throw lost(file);
    }
    forget(work);
    release(work);
    work.end.complete(new End(work.order, Outcome.MIXED, ""));
  }

  @Override
  public Optional<String> objectId(Path recording) {
    return Optional.ofNullable(mixes.get(recording)).map(id -> Sha256.hex("mix\0" + id, 20));
  }

  @Override
  public void require(Path recording) {
    String id = mixes.get(recording);
    Work work = id == null ? null : works.get(id);
    if (work != null ? !isSure(work) : lost.contains(recording)) {
      throw lost(recording);
    }
  }

  private static DestinationFailure lost(Path file) {
    return new DestinationFailure(file + " is not sent: its order is another worker's, or has ended");
  }

  /** Nothing is begun any more, and nobody waits for what is under way. */
  public void drain() {
    stopping = true;
    List.copyOf(works.values()).forEach(work -> work.end.completeExceptionally(new WorkerEnds()));
  }

  /** What is not made goes to others at once; a mix that is made waits for this worker's next start, as long as its lease lasts. */
  @Override
  public void close() {
    drain();
    beats.shutdownNow();
    for (Work work : List.copyOf(works.values())) {
      try {
        if (work.note != null && work.note.mix().isEmpty()) {
          giveBack(work, true);
        }
      } catch (RuntimeException e) {
        LOG.debug("{}: {}", work.id, e.toString());
      }
    }
  }
}
