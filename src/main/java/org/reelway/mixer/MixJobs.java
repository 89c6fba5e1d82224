package org.reelway.mixer;

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
import java.util.function.Supplier;
import org.reelway.failure.Failure;
import org.reelway.failure.InputFailure;
import org.reelway.failure.ListBound;
import org.reelway.failure.OurFailure;
import org.reelway.ffmpeg.FfmpegPrograms;
import org.reelway.recording.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recordings that are mixed one after the other (or a few at a time). A job holds a second name of the recording, so that the
 * recording itself may be sent and deleted meanwhile; it survives a crash at every step. Only what is wrong with the
 * recording, or what ffmpeg fails at again and again, ends a job; it waits for all else. Safe for several threads.
 */
public final class MixJobs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MixJobs.class);
  private static final Duration AGAIN = Duration.ofSeconds(10);
  private static final Duration ROOM_AGAIN = Duration.ofSeconds(30);
  private static final int MOST_FAILURES = 3;
  private static final int MOST_JOBS = 1000;

  private final JobFolders folders;
  private final Supplier<MixSettings> settings;
  private final Supplier<FfmpegPrograms> programs;
  private final Listener listener;
  private final Duration again;
  private final Map<String, Entry> jobs = new LinkedHashMap<>();
  private final Set<Path> unreadable = ConcurrentHashMap.newKeySet();
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
  }

  private static final class Entry {
    private final String id;
    private final Path work;
    private MixNote note;
    private MixRun run;
    private boolean cancelled;
    private int failures;

    private Entry(Path work, MixNote note) {
      this.id = work.getFileName().toString();
      this.work = work;
      this.note = note;
    }

    private MixJob.State state() {
      return MixJob.State.of(note.state());
    }
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
    this.workers =
        Executors.newScheduledThreadPool(
            atOnce,
            work -> {
              Thread thread = new Thread(work, "mixer");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Leaves it to the Reelway that has this folder, running or started later, to mix a recording. On disk when this returns.
   *
   * @return the job's id
   * @throws InputFailure it is a mix itself
   * @throws OurFailure it cannot be noted
   */
  public static String leave(Path folder, MixOrder order) {
    requireUnmixed(order);
    try {
      return new JobFolders(folder).leave(MixNote.of(order));
    } catch (IOException e) {
      throw notNoted(order, e);
    }
  }

  private static void requireUnmixed(MixOrder order) {
    if (MixedName.isMixed(order.recording())) {
      throw new InputFailure(
          order.recording() + " is a mix already, and not mixed again; name the recording that it was made of");
    }
  }

  private static OurFailure notNoted(MixOrder order, IOException e) {
    return new OurFailure("a mix of " + order.recording() + " cannot be noted: " + e, e);
  }

  /** Takes up what a Reelway before this one left. */
  public synchronized void begin() {
    try {
      for (Path work : folders.jobs()) {
        if (!bound.hasRoom(1)) {
          LOG.error("mixes that are noted are left for the next start: {}", bound.words());
          break;
        }
        takeUp(work).ifPresent(entry -> jobs.put(entry.id, entry));
      }
    } catch (IOException e) {
      LOG.error("mixes of a Reelway that has ended cannot be looked for: {}", e.toString());
    }
    jobs.values().stream()
        .sorted(Comparator.comparingLong(entry -> entry.note.createdMillis()))
        .filter(entry -> entry.state() == MixJob.State.WAITING)
        .forEach(entry -> later(entry, Duration.ZERO));
    look();
  }

  /** One that cannot be read keeps none of the others waiting. */
  private Optional<Entry> takeUp(Path work) {
    try {
      MixNote note = MixNote.read(work);
      MixJob.State state = MixJob.State.of(note.state());
      boolean goesOn = state == MixJob.State.MIXING || state == MixJob.State.NO_ROOM;
      return Optional.of(new Entry(work, goesOn ? note.in(MixJob.State.WAITING, "") : note));
    } catch (IOException | RuntimeException e) {
      if (unreadable.add(work)) {
        LOG.error("the mix that is noted in {} is not begun, for its note cannot be read: {}; what it was to mix is there, and"
            + " `reelway mix` mixes it", work, e.toString());
      }
      return Optional.empty();
    }
  }

  /** Takes up what other processes have left since. */
  public synchronized void look() {
    try {
      for (Path left : closed || !bound.hasRoom(1) ? List.<Path>of() : folders.left()) {
        takeUp(left).ifPresent(order -> take(left, order.note));
      }
      unreadable.removeIf(Files::notExists);
    } catch (IOException e) {
      say(e.toString(), "mixes that other programs ordered cannot be looked for: " + e);
    }
  }

  private void take(Path left, MixNote note) {
    try {
      order(new Entry(folders.take(left), note));
    } catch (IOException e) {
      say(left.toString(), "the mix that another program ordered in " + left + " cannot be taken up: " + e);
    }
  }

  /**
   * Has the recording mixed in its turn. Returns once that is certain, whatever happens then. One recording has one mix: for
   * one that is known nothing is done, but that a job which failed or was cancelled is tried again.
   *
   * @return the job's id
   * @throws InputFailure it is a mix itself
   * @throws OurFailure it cannot be noted, or there are too many
   */
  public synchronized String add(MixOrder order) {
    requireUnmixed(order);
    try {
      MixNote note = MixNote.of(order);
      String id = JobFolders.id(note);
      bound.require(isKnown(id) ? 0 : 1);
      return order(new Entry(isKnown(id) ? folders.of(id) : folders.make(note), note));
    } catch (IOException e) {
      throw notNoted(order, e);
    }
  }

  private boolean isKnown(String id) {
    return jobs.containsKey(id) || folders.isDone(id);
  }

  private String order(Entry ordered) {
    Entry known = jobs.get(ordered.id);
    if (known == null && !folders.isDone(ordered.id)) {
      jobs.put(ordered.id, ordered);
      later(ordered, Duration.ZERO);
    } else if (known != null && isOver(known)) {
      known.note = known.note.orderedAs(ordered.note.order());
      retry(known.id);
    }
    return ordered.id;
  }

  private static boolean isOver(Entry entry) {
    return entry.state() == MixJob.State.FAILED || entry.state() == MixJob.State.CANCELLED;
  }

  private synchronized long number() {
    return jobs.size();
  }

  /** What may be full. */
  public List<ListBound> bounds() {
    return List.of(bound);
  }

  private void later(Entry entry, Duration wait) {
    if (!closed) {
      workers.schedule(() -> work(entry), wait.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void work(Entry entry) {
    if (!isTaken(entry)) {
      return;
    }
    try {
      if (!entry.note.target().isEmpty() || isMade(entry)) {
        handOver(entry);
      }
    } catch (IOException | RuntimeException | Error e) {
      waits(entry, MixJob.State.WAITING, e instanceof Failure ? e.getMessage() : e.toString(), again);
    }
  }

  private synchronized boolean isTaken(Entry entry) {
    boolean isDue = entry.state() == MixJob.State.WAITING || entry.state() == MixJob.State.NO_ROOM;
    if (closed || !isDue || jobs.get(entry.id) != entry) {
      return false;
    }
    entry.cancelled = false;
    entry.note = entry.note.in(MixJob.State.MIXING, entry.note.trouble());
    return true;
  }

  /** @return false where the recording could not be made a mix; that is noted then, and said */
  private boolean isMade(Entry entry) throws IOException {
    MixSettings wanted = settings.get();
    MixRun run = begun(entry, wanted, programs.get());
    try {
      Mixed mixed = run.run();
      synchronized (this) {
        Path target = MixedName.free(Path.of(entry.note.recording()), this::isPromised);
        entry.note = entry.note.becoming(target, mixed);
      }
      return true;
    } catch (MixStopped e) {
      stopped(entry, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (InputFailure e) {
      failed(entry, e.getMessage());
    } catch (IOException | RuntimeException | Error e) {
      if (++entry.failures < MOST_FAILURES) {
        LOG.error("{} cannot be mixed: {}; it is tried again", entry.note.recording(), e.toString());
        ended(entry, MixJob.State.WAITING, e.toString());
        later(entry, again.multipliedBy(entry.failures));
      } else {
        failed(entry, e.toString());
      }
    }
    return false;
  }

  private synchronized MixRun begun(Entry entry, MixSettings wanted, FfmpegPrograms ffmpeg) throws IOException {
    entry.note = entry.note.begun();
    entry.note.write(entry.work);
    entry.run = new MixRun(held(entry), wanted, Optional.of(Instant.ofEpochMilli(entry.note.createdMillis())), ffmpeg);
    if (entry.cancelled || closed) {
      entry.run.cancel();
    }
    return entry.run;
  }

  private boolean isPromised(Path target) {
    return jobs.values().stream().anyMatch(entry -> entry.note.target().equals(target.toString()));
  }

  /** Each step can be done again: the mix has its name at most once. */
  private void handOver(Entry entry) throws IOException {
    Path made = MixedName.of(held(entry));
    Path target = Path.of(entry.note.target());
    if (Files.exists(made)) {
      entry.note.write(entry.work);
      Files.createDirectories(target.getParent());
      Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.syncFolder(target.toAbsolutePath().getParent());
    }
    listener.mixed(job(entry), entry.note.mixed());
    synchronized (this) {
      folders.done(entry.work);
      jobs.remove(entry.id);
    }
    said.clear();
    LOG.info("mixed {}", target);
  }

  private static Path held(Entry entry) {
    return entry.work.resolve(Path.of(entry.note.recording()).getFileName());
  }

  private void stopped(Entry entry, MixStopped why) {
    if (why.reason() == MixStopped.Reason.NO_ROOM) {
      waits(entry, MixJob.State.NO_ROOM, why.getMessage(), ROOM_AGAIN);
    } else if (entry.cancelled) {
      ended(entry, MixJob.State.CANCELLED, "cancelled by request");
    } else {
      ended(entry, MixJob.State.WAITING, "");
    }
  }

  /** Nothing is wrong with the recording: it goes on once that is mended. */
  private void waits(Entry entry, MixJob.State state, String why, Duration wait) {
    // How much is free changes from look to look.
    say(state == MixJob.State.NO_ROOM ? state.word() : why, "a mix waits and is tried again: " + why);
    ended(entry, state, why);
    later(entry, wait);
  }

  /** Once, for however many jobs and tries. */
  private void say(String what, String words) {
    if (said.add(what)) {
      LOG.warn("{}", words);
    }
  }

  private void failed(Entry entry, String why) {
    LOG.error("{} is not mixed: {}; POST /mixes/{}/retry tries it again", entry.note.recording(), why, entry.id);
    ended(entry, MixJob.State.FAILED, why);
  }

  private synchronized void ended(Entry entry, MixJob.State state, String why) {
    entry.run = null;
    entry.note = entry.note.in(state, why == null ? "" : why);
    try {
      entry.note.write(entry.work);
    } catch (IOException e) {
      if (!closed) {
        LOG.error("how the mix of {} stands cannot be noted: {}", entry.note.recording(), e.toString());
      }
    }
  }

  /**
   * Ends it; it stays in the list, and can be tried again.
   *
   * @return whether there is such a job
   */
  public synchronized boolean cancel(String id) {
    Entry entry = jobs.get(id);
    if (entry == null) {
      return false;
    }
    entry.cancelled = true;
    if (entry.run != null) {
      entry.run.cancel();
    } else if (entry.state() != MixJob.State.MIXING) {
      ended(entry, MixJob.State.CANCELLED, "cancelled by request");
    }
    return true;
  }

  /**
   * Tries one again that failed, was cancelled or waits for room.
   *
   * @return whether there is such a job
   */
  public synchronized boolean retry(String id) {
    Entry entry = jobs.get(id);
    if (entry != null && (isOver(entry) || entry.state() == MixJob.State.NO_ROOM)) {
      entry.failures = 0;
      ended(entry, MixJob.State.WAITING, "");
      later(entry, Duration.ZERO);
    }
    return entry != null;
  }

  /** All that are not done, the oldest recording first. */
  public synchronized List<MixJob> all() {
    return jobs.values().stream().map(this::job).sorted(Comparator.comparing(MixJob::created)).toList();
  }

  private synchronized MixJob job(Entry entry) {
    return new MixJob(
        entry.id, Path.of(entry.note.recording()), entry.note.recorderUri(),
        Instant.ofEpochMilli(entry.note.createdMillis()), Duration.ofMillis(entry.note.lengthMillis()), entry.state(),
        entry.note.trouble(), entry.note.tries(), entry.run == null ? null : entry.run.progress(),
        held(entry), entry.note.identity());
  }

  /** Folders of jobs whose notes cannot be read; nothing is done about them. */
  public List<Path> unreadable() {
    return List.copyOf(unreadable);
  }

  /** Mixes that run are ended, and begun anew by the next start. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      jobs.values().stream().filter(entry -> entry.run != null).forEach(entry -> entry.run.cancel());
    }
    workers.shutdownNow();
    try {
      workers.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
