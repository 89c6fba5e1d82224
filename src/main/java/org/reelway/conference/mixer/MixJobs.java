package org.reelway.conference.mixer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.Failure;
import org.reelway.failure.InputFailure;
import org.reelway.failure.ListBound;
import org.reelway.failure.OurFailure;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.recording.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recordings that are mixed one after the other (or a few at a time). A job holds a second name of the recording, so that the
 * recording itself may be sent and deleted meanwhile; it survives a crash at every step. Only what is wrong with the
 * recording, or what ffmpeg fails at again and again, ends a job; it waits for all else. Safe for several threads.
 */
public final class MixJobs implements Mixes, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MixJobs.class);
  private static final Duration AGAIN = Duration.ofSeconds(10);
  private static final int ROOM_AGAIN = 3;
  private static final int MOST_FAILURES = 3;
  private static final int MOST_JOBS = 1000;

  private final JobFolders folders;
  private final Supplier<MixSettings> settings;
  private final Supplier<FfmpegPrograms> programs;
  private final Listener listener;
  private final Duration again;
  private final Map<String, OpenJob> jobs = new LinkedHashMap<>();
  /** Why jobs wait, until one goes through. */
  private final Set<String> said = ConcurrentHashMap.newKeySet();
  private final ListBound bound =
      new ListBound("mixes", "mixes that are not done", MOST_JOBS, this::number, "GET /mixes tells why they are not done");
  private final ScheduledExecutorService workers;
  private volatile boolean closed;

  /** Who is told. */
  @FunctionalInterface
  public interface Listener {
    /**
     * A mix is whole and has its name; others may have sent and deleted it since. It is to be taken care of before this
     * returns, and comes again after a failure or a crash.
     */
    void mixed(MixJob job, Mixed mixed);

    /** It is about to get its name. @return false where the job is another one's by now, and is dropped */
    default boolean isOurs(MixJob job, Mixed mixed) {
      return true;
    }

    /** The job has ended without a mix. */
    default void failed(MixJob job, String why) {}
  }

  /**
   * @param folder of our own, on the file system of the recordings
   * @param settings asked for at each mix, so that they may be changed
   * @param atOnce how many mix at the same time
   */
  public MixJobs(
      Path folder, Supplier<MixSettings> settings, Supplier<FfmpegPrograms> programs, int atOnce, Listener listener) {
    this(folder, settings, programs, atOnce, listener, AGAIN);
  }

  /** @param again after which a step is tried again that could not be done */
  MixJobs(
      Path folder, Supplier<MixSettings> settings, Supplier<FfmpegPrograms> programs, int atOnce, Listener listener,
      Duration again) {
    this.folders = new JobFolders(folder);
    this.settings = settings;
    this.programs = programs;
    this.listener = listener;
    this.again = again;
    this.workers = Executors.newScheduledThreadPool(atOnce, DaemonThreads.named("mixer"));
  }

  /**
   * Leaves it to the Reelway that has this folder, running or started later, to mix a recording. On disk when this returns.
   *
   * @return the job's id
   * @throws OurFailure it cannot be noted
   */
  public static String leave(Path folder, MixOrder order) {
    try {
      return new JobFolders(folder).leave(MixNote.of(order));
    } catch (IOException e) {
      throw new OurFailure("a mix of " + order.recording() + " cannot be noted: " + e, e);
    }
  }

  /** Takes up what a Reelway before this one left. */
  public synchronized void begin() {
    try {
      for (Path work : folders.jobs()) {
        if (!bound.hasRoom(1)) {
          LOG.error("mixes that are noted are left for the next start: {}", bound.words());
          break;
        }
        folders.note(work).ifPresent(note -> jobs.put(work.getFileName().toString(), new OpenJob(work, note.again())));
      }
    } catch (IOException e) {
      LOG.error("mixes of a Reelway that has ended cannot be looked for: {}", e.toString());
    }
    jobs.values().stream()
        .sorted(Comparator.comparingLong(job -> job.note.createdMillis()))
        .filter(job -> job.state() == MixJob.State.WAITING)
        .forEach(job -> later(job, Duration.ZERO));
    look();
  }

  /** Takes up what other processes have left since. */
  public synchronized void look() {
    try {
      for (Path left : closed ? List.<Path>of() : folders.left()) {
        if (!bound.takes(1)) {
          break;
        }
        folders.note(left).ifPresent(note -> take(left, note));
      }
    } catch (IOException e) {
      say(e.toString(), "mixes that other programs ordered cannot be looked for: " + e);
    }
  }

  private void take(Path left, MixNote note) {
    try {
      order(new OpenJob(folders.take(left), note));
    } catch (IOException e) {
      say(left.toString(), "the mix that another program ordered in " + left + " cannot be taken up: " + e);
    }
  }

  /**
   * Has the recording mixed in its turn. Returns once that is certain, whatever happens then. One recording has one mix: for
   * one that is known nothing is done, but that a job which failed or was cancelled is tried again.
   *
   * @return the job's id
   * @throws OurFailure it cannot be noted, or there are too many
   */
  @Override
  public synchronized String add(MixOrder order) {
    try {
      MixNote note = MixNote.of(order);
      String id = JobFolders.id(note);
      bound.require(isKnown(id) ? 0 : 1);
      return order(new OpenJob(isKnown(id) ? folders.of(id) : folders.make(note), note));
    } catch (IOException e) {
      throw new OurFailure("a mix of " + order.recording() + " cannot be noted: " + e, e);
    }
  }

  /**
   * Mixes a file that is not where its recording was: it is moved into the job, which has the id. A job of that id that a Reelway
   * before this one left when its mix was whole goes on; others begin anew.
   *
   * @param order whose recording is the place that the mix is to lie beside
   * @param identity text of the recording's {@code FileIdentity}, where it was recorded
   * @throws OurFailure it cannot be noted, or there are too many
   */
  public synchronized void adopt(String id, MixOrder order, String identity, Path file) {
    try {
      Optional<MixNote> left = MixNote.isIn(folders.of(id)) ? folders.note(folders.of(id)) : Optional.empty();
      if (jobs.containsKey(id)) {
        return;
      }
      bound.require(1);
      if (left.filter(note -> !note.target().isEmpty()).isPresent()) {
        order(new OpenJob(folders.of(id), left.get().in(MixJob.State.WAITING, "")));
      } else {
        folders.forget(id);
        MixNote note = MixNote.of(order, identity);
        order(new OpenJob(folders.adopt(id, note, file), note));
      }
    } catch (IOException e) {
      throw new OurFailure("a mix of " + order.recording() + " cannot be noted: " + e, e);
    }
  }

  /** Whether a Reelway before this one left a job of the id, which is not taken up yet. */
  public synchronized boolean hasLeft(String id) {
    return !jobs.containsKey(id) && MixNote.isIn(folders.of(id));
  }

  /** Drops jobs on disk that nobody has here. @param isKept by id */
  public synchronized void dropLeft(Predicate<String> isKept) {
    try {
      for (Path work : folders.jobs()) {
        String id = work.getFileName().toString();
        if (!jobs.containsKey(id) && !isKept.test(id)) {
          folders.forget(id);
        }
      }
    } catch (IOException e) {
      say(e.toString(), "mixes that are not made here any more cannot be deleted: " + e);
    }
  }

  /**
   * As {@link #add}, but leaves one that is known as it is, also where it failed or was cancelled.
   *
   * @throws OurFailure it cannot be noted, or there are too many
   */
  @Override
  public synchronized void addOnce(MixOrder order) {
    try {
      if (!isKnown(JobFolders.id(MixNote.of(order)))) {
        add(order);
      }
    } catch (IOException e) {
      throw new OurFailure("a mix of " + order.recording() + " cannot be noted: " + e, e);
    }
  }

  private boolean isKnown(String id) {
    return jobs.containsKey(id) || folders.isDone(id);
  }

  private String order(OpenJob ordered) {
    OpenJob known = jobs.get(ordered.id);
    if (known == null && !folders.isDone(ordered.id)) {
      jobs.put(ordered.id, ordered);
      later(ordered, Duration.ZERO);
    } else if (known != null && known.isOver()) {
      known.note = known.note.orderedAs(ordered.note.order());
      retry(known.id);
    }
    return ordered.id;
  }

  private synchronized long number() {
    return jobs.size();
  }

  /** What may be full. */
  public List<ListBound> bounds() {
    return List.of(bound);
  }

  private void later(OpenJob job, Duration wait) {
    if (!closed) {
      workers.schedule(() -> work(job), wait.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void work(OpenJob job) {
    if (!isTaken(job)) {
      return;
    }
    try {
      if (!job.note.target().isEmpty() || isMade(job)) {
        handOver(job);
      }
    } catch (IOException | RuntimeException | Error e) {
      waits(job, MixJob.State.WAITING, e instanceof Failure ? e.getMessage() : e.toString(), again);
    }
  }

  private synchronized boolean isTaken(OpenJob job) {
    boolean isDue = job.state() == MixJob.State.WAITING || job.state() == MixJob.State.NO_ROOM;
    if (closed || !isDue || jobs.get(job.id) != job) {
      return false;
    }
    job.cancelled = false;
    job.note = job.note.in(MixJob.State.MIXING, job.note.trouble());
    return true;
  }

  /** @return false where the recording could not be made a mix; that is noted then, and said */
  private boolean isMade(OpenJob job) throws IOException {
    MixSettings wanted = settings.get();
    MixRun run = begun(job, wanted, programs.get());
    try {
      Mixed mixed = run.run();
      synchronized (this) {
        Path target = MixedName.free(Path.of(job.note.recording()), this::isPromised);
        job.note = job.note.becoming(target, mixed);
      }
      return true;
    } catch (MixStopped e) {
      stopped(job, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (InputFailure e) {
      failed(job, e.getMessage());
    } catch (IOException | RuntimeException | Error e) {
      if (++job.failures < MOST_FAILURES) {
        LOG.error("{} cannot be mixed: {}; it is tried again", job.note.recording(), e.toString());
        ended(job, MixJob.State.WAITING, e.toString());
        later(job, again.multipliedBy(job.failures));
      } else {
        failed(job, e.toString());
      }
    }
    return false;
  }

  private synchronized MixRun begun(OpenJob job, MixSettings wanted, FfmpegPrograms ffmpeg) throws IOException {
    job.note = job.note.begun();
    job.note.write(job.work);
    job.run =
        new MixRun(job.held(), wanted, Optional.of(Instant.ofEpochMilli(job.note.createdMillis())), ffmpeg)
            .needing(job.note.needed());
    if (job.cancelled || closed) {
      job.run.cancel();
    }
    return job.run;
  }

  private boolean isPromised(Path target) {
    return jobs.values().stream().anyMatch(job -> job.note.target().equals(target.toString()));
  }

  /** Each step can be done again: the mix has its name at most once. */
  private void handOver(OpenJob job) throws IOException {
    Path made = MixedName.of(job.held());
    Path target = Path.of(job.note.target());
    if (!listener.isOurs(job.seen(), job.note.mixed())) {
      synchronized (this) {
        forget(job);
      }
      return;
    }
    if (Files.exists(made)) {
      job.note.write(job.work);
      Files.createDirectories(target.getParent());
      Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.syncFolder(target.toAbsolutePath().getParent());
    }
    listener.mixed(job.seen(), job.note.mixed());
    synchronized (this) {
      folders.done(job.work);
      jobs.remove(job.id);
    }
    said.clear();
    LOG.info("mixed {}", target);
  }

  private void stopped(OpenJob job, MixStopped why) {
    if (why.reason() == MixStopped.Reason.NO_ROOM) {
      job.note = job.note.needing(why.needed());
      waits(job, MixJob.State.NO_ROOM, why.getMessage(), again.multipliedBy(ROOM_AGAIN));
    } else if (job.cancelled) {
      ended(job, MixJob.State.CANCELLED, "cancelled by request");
    } else {
      ended(job, MixJob.State.WAITING, "");
    }
  }

  /** Nothing is wrong with the recording: it goes on once that is mended. */
  private void waits(OpenJob job, MixJob.State state, String why, Duration wait) {
    // How much is free changes from look to look.
    say(state == MixJob.State.NO_ROOM ? state.word() : why, "a mix waits and is tried again: " + why);
    ended(job, state, why);
    later(job, wait);
  }

  /** Once, for however many jobs and tries. */
  private void say(String what, String words) {
    if (said.add(what)) {
      LOG.warn("{}", words);
    }
  }

  private void failed(OpenJob job, String why) {
    LOG.error("{} is not mixed: {}; POST /mixes/{}/retry tries it again", job.note.recording(), why, job.id);
    ended(job, MixJob.State.FAILED, why);
    listener.failed(job.seen(), why);
  }

  private synchronized void ended(OpenJob job, MixJob.State state, String why) {
    job.run = null;
    job.note = job.note.in(state, why == null ? "" : why);
    try {
      if (job.dropped) {
        forget(job);
      } else {
        job.note.write(job.work);
      }
    } catch (IOException e) {
      if (!closed) {
        LOG.error("how the mix of {} stands cannot be noted: {}", job.note.recording(), e.toString());
      }
    }
  }

  /**
   * Ends it; it stays in the list, and can be tried again.
   *
   * @return whether there is such a job
   */
  @Override
  public synchronized boolean cancel(String id) {
    OpenJob job = jobs.get(id);
    if (job == null) {
      return false;
    }
    job.cancelled = true;
    if (job.run != null) {
      job.run.cancel();
    } else if (job.state() != MixJob.State.MIXING) {
      ended(job, MixJob.State.CANCELLED, "cancelled by request");
    }
    return true;
  }

  /**
   * Tries one again that failed, was cancelled or waits for room.
   *
   * @return whether there is such a job
   */
  @Override
  public synchronized boolean retry(String id) {
    OpenJob job = jobs.get(id);
    if (job != null && (job.isOver() || job.state() == MixJob.State.NO_ROOM)) {
      job.failures = 0;
      ended(job, MixJob.State.WAITING, "");
      later(job, Duration.ZERO);
    }
    return job != null;
  }

  /**
   * Drops it, and what it holds; of one that is done what is remembered. It can be ordered anew.
   *
   * @return whether there was such a job
   * @throws OurFailure it cannot be deleted
   */
  @Override
  public synchronized boolean drop(String id) {
    OpenJob job = jobs.get(id);
    try {
      if (job == null) {
        return folders.forget(id);
      }
      job.dropped = true;
      if (job.state() == MixJob.State.MIXING) {
        cancel(id);
      } else {
        forget(job);
      }
      return true;
    } catch (IOException e) {
      throw new OurFailure("the mix of " + id + " cannot be deleted: " + e, e);
    }
  }

  private void forget(OpenJob job) throws IOException {
    jobs.remove(job.id);
    JobFolders.delete(job.work);
  }

  /** All that are not done, the oldest recording first. */
  @Override
  public synchronized List<MixJob> all() {
    return jobs.values().stream().map(OpenJob::seen).sorted(Comparator.comparing(MixJob::created)).toList();
  }

  @Override
  public Map<MixJob.State, Long> counts() {
    return all().stream().collect(Collectors.groupingBy(MixJob::state, Collectors.counting()));
  }

  @Override
  public List<MixJob> here() {
    return all();
  }

  /** Folders of jobs whose notes cannot be read; nothing is done about them. */
  @Override
  public List<Path> unreadable() {
    return folders.unreadable();
  }

  /** Mixes that run are ended, and begun anew by the next start. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      jobs.values().stream().filter(job -> job.run != null).forEach(job -> job.run.cancel());
    }
    workers.shutdownNow();
    try {
      workers.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
