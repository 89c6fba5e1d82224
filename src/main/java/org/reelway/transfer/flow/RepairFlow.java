package org.reelway.transfer.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.Failure;
import org.reelway.media.repair.BrokenMedia;
import org.reelway.recording.DeadWriters;
import org.reelway.media.repair.LeftBehindSearch;
import org.reelway.recording.MachineStart;
import org.reelway.media.repair.MediaRepair;
import org.reelway.media.repair.RepairReport;
import org.reelway.media.repair.RepairedName;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.FolderIntake;
import org.reelway.recording.IntakeObserver;
import org.reelway.recording.Markers;
import org.reelway.recording.OpenFiles;
import org.reelway.recording.RecordingId;
import org.reelway.state.RecordingHistory;
import org.reelway.transfer.observe.RepairMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recordings whose writer died: found, repaired one at a time, and handed to the transfer, first what was repaired and,
 * once that is verified and done, the raw file. So the raw file is there until both are objects.
 */
public final class RepairFlow implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RepairFlow.class);
  /** After so many failures that are ours, the raw file is sent alone. */
  private static final int MOST_TRIES = 3;

  private final WatchedFolders folders;
  private final FinishedRecordings finished;
  private final DeadWriters writers;
  private final RepairBench bench;
  private final RepairJobs jobs;
  private final RepairSending sending;
  private final RepairMetrics metrics;
  private final Clock clock;
  private final BrokenList list;
  private final LeftBehindSearch search = new LeftBehindSearch();
  private final Set<Path> heldBack = ConcurrentHashMap.newKeySet();
  private final Map<Path, FileIdentity> noMedia = new HashMap<>();
  private final Map<Path, Integer> failures = new ConcurrentHashMap<>();
  private final Set<Path> cleaned = new HashSet<>();
  private final AtomicReference<Path> underRepair = new AtomicReference<>();
  private final ExecutorService worker = Executors.newSingleThreadExecutor(DaemonThreads.named("repair"));

  RepairFlow(
      WatchedFolders folders,
      FinishedRecordings finished,
      DeadWriters writers,
      RepairBench bench,
      RepairJobs jobs,
      RepairSending sending,
      RepairMetrics metrics,
      Clock clock) {
    this.folders = folders;
    this.finished = finished;
    this.writers = writers;
    this.bench = bench;
    this.jobs = jobs;
    this.sending = sending;
    this.metrics = metrics;
    this.clock = clock;
    this.list = new BrokenList(clock);
    metrics.watch(list::size);
  }

  /**
   * Puts the parts together.
   *
   * @param after how long a file must not have changed
   * @param suffix see {@link RepairedName}
   * @param root folder of the repairs, inside the state folder
   * @param repair asked for the first time when there is something to repair
   */
  public static RepairFlow of(
      Duration after,
      String suffix,
      Path root,
      Path markersFolder,
      WatchedFolders watched,
      Markers markers,
      FinishedRecordings finished,
      IntakeObserver observer,
      RecordingHistory history,
      Supplier<MediaRepair> repair,
      RepairMetrics metrics,
      Clock clock) {
    RepairFolders folders = new RepairFolders(root, markersFolder);
    return new RepairFlow(
        watched,
        finished,
        new DeadWriters(after, new OpenFiles(), new MachineStart(clock)),
        new RepairBench(folders, repair, new RepairedName(suffix)),
        new RepairJobs(folders.jobs()),
        new RepairSending(folders, markers, finished, observer, history, clock),
        metrics,
        clock);
  }

  /** The intake saw a file that does not change any more and is not whole. Returns at once. */
  public void heldBack(Path file) {
    heldBack.add(file);
  }

  /** The unfinished files, by path. */
  public List<BrokenRecording> list() {
    return list.all();
  }

  /** One look at everything; what takes long goes on behind it. */
  public synchronized void look() {
    Set<Path> met = new HashSet<>();
    List<RepairJob> underWay = jobs.all();
    for (FolderIntake intake : folders.all()) {
      prepare(intake, underWay);
      underWay.stream()
          .filter(job -> job.folder().equals(intake.folder().root()))
          .forEach(job -> advance(intake, job, met));
    }
    for (FolderIntake intake : folders.all()) {
      if (intake.takesUnmarked()) {
        unfinished(intake).forEach(file -> look(intake, file, met));
      }
    }
    writers.retainOnly(met);
    list.retainOnly(met);
    failures.keySet().retainAll(met);
    noMedia.keySet().retainAll(met);
  }

  private void prepare(FolderIntake intake, List<RepairJob> underWay) {
    if (cleaned.add(intake.folder().root()) && underRepair.get() == null) {
      Set<Path> known = new HashSet<>();
      underWay.stream().filter(job -> job.out() != null).forEach(job -> known.add(job.out()));
      bench.clean(intake.folder(), file -> known.contains(file) || isFinished(file));
    }
    sending.rescan(intake);
  }

  private void advance(FolderIntake intake, RepairJob job, Set<Path> met) {
    met.add(job.raw());
    try {
      if (sending.advance(intake, job)) {
        list.is(job.raw(), "sending", job.what());
      } else {
        jobs.remove(job);
        met.remove(job.raw());
      }
    } catch (Failure | IOException e) {
      LOG.warn("{}: its repair is not gone on with now: {}", job.raw(), e.getMessage());
    }
  }

  private Set<Path> unfinished(FolderIntake intake) {
    Set<Path> files = new HashSet<>(search.in(intake.folder().root()));
    heldBack.removeIf(file -> !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    heldBack.stream().filter(file -> file.startsWith(intake.folder().root())).forEach(files::add);
    return files;
  }

  private void look(FolderIntake intake, Path file, Set<Path> met) {
    if (met.contains(file) || isMarked(intake, file) || isFinished(file)) {
      return;
    }
    met.add(file);
    if (file.equals(underRepair.get())) {
      return;
    }
    try {
      switch (writers.look(file, clock.instant())) {
        case NOT_YET -> list.is(file, "watched", null);
        case HELD -> list.is(file, "held", "a process has it open for writing");
        case DEAD -> begin(intake, file);
        default -> { }
      }
    } catch (IOException | Failure e) {
      LOG.debug("{} is looked at again later: {}", file, e.toString());
    }
  }

  private static boolean isMarked(FolderIntake intake, Path file) {
    return intake.queue().contains(file)
        || Markers.isBeside(file)
        || Files.exists(intake.folder().shadowMarker(file), LinkOption.NOFOLLOW_LINKS);
  }

  private boolean isFinished(Path file) {
    try {
      return finished.contains(RecordingId.of(file, FileIdentity.of(file)));
    } catch (IOException gone) {
      return false;
    }
  }

  private void begin(FolderIntake intake, Path file) throws IOException {
    FileIdentity identity = FileIdentity.of(file);
    if (identity.equals(noMedia.get(file))) {
      return;
    }
    Optional<BrokenMedia> media = BrokenMedia.of(file);
    if (media.isEmpty() && bench.isPartOfRecording(file)) {
      jobs.write(bench.rawOnly(intake.folder(), file, identity, "a part of a recording of several streams"));
      list.is(file, "sending", null);
      return;
    }
    if (media.isEmpty()) {
      noMedia.put(file, identity);
      list.is(file, "ignored", "it holds no media that is known here");
      return;
    }
    long missing = bench.missingBytes(media.get());
    if (missing > 0) {
      list.waits(file, "the state folder's disk needs " + missing + " bytes more");
    } else if (underRepair.compareAndSet(null, file)) {
      if (jobs.has(RecordingId.of(file, identity))) {
        // Its repair ended since this look began.
        underRepair.set(null);
        return;
      }
      list.is(file, "repairing", media.get().kind().words());
      worker.execute(() -> repair(intake, file, media.get()));
    } else {
      list.is(file, "waiting", null);
    }
  }

  private void repair(FolderIntake intake, Path file, BrokenMedia media) {
    try {
      RepairBench.Result result = bench.repair(intake.folder(), file, media);
      begun(intake, result.job(), result.report());
    } catch (InterruptedException stopping) {
      LOG.debug("the repair of {} is begun anew after the next start", file);
    } catch (RepairBench.WriterLives lives) {
      LOG.info("{} was written to while it was repaired: it waits to be finished", file);
    } catch (IOException | RuntimeException e) {
      failed(intake, file, media, e);
    } finally {
      underRepair.set(null);
    }
  }

  private void begun(FolderIntake intake, RepairJob job, RepairReport report) throws IOException {
    jobs.write(job);
    metrics.recovered(report.method());
    LOG.warn("{} was left unfinished by its writer; sent raw{}: {}",
        job.raw(), job.out() == null ? " alone" : ", and repaired as " + job.out().getFileName(), job.what());
    sending.advance(intake, job);
  }

  private void failed(FolderIntake intake, Path file, BrokenMedia media, Exception e) {
    int tries = failures.merge(file, 1, Integer::sum);
    if (tries == 1) {
      LOG.error("{} could not be repaired and is tried again: {}", file, e.toString());
    }
    list.is(file, "waiting", e.toString());
    if (tries >= MOST_TRIES) {
      try {
        String why = media.kind().words() + ", not repaired: " + e.getMessage();
        jobs.write(bench.rawOnly(intake.folder(), file, FileIdentity.of(file), why));
        metrics.recovered(RepairReport.Method.NONE);
        LOG.error("{} could not be repaired in {} tries; it is sent raw alone", file, tries);
      } catch (IOException | Failure again) {
        LOG.debug("{} is looked at again later: {}", file, again.toString());
      }
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
    try {
      worker.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
