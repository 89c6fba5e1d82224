package org.reelway.mixer;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.ffmpeg.FfmpegPrograms;
import org.reelway.recording.DurableFiles;
import org.reelway.recording.FileIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recordings that are mixed one after the other (or a few at a time). A job is a folder with a second name of the recording
 * (a hard link), so that the recording itself may be sent and deleted meanwhile; it survives a crash at every step. Safe for
 * several threads.
 */
public final class MixJobs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MixJobs.class);
  private static final Duration ROOM_AGAIN = Duration.ofSeconds(30);
  private static final int MOST_TRIES = 3;
  private static final String DOT = ".";

  private final Path folder;
  private final Supplier<MixSettings> settings;
  private final Supplier<FfmpegPrograms> programs;
  private final Listener listener;
  private final Clock clock;
  private final Map<String, Entry> jobs = new LinkedHashMap<>();
  private final ScheduledExecutorService workers;
  private volatile boolean closed;

  /** Who is told. */
  @FunctionalInterface
  public interface Listener {
    /** A mix is whole and has its name. It is to be taken care of before this returns; after a crash it may come again. */
    void mixed(MixJob job, Mixed mixed);
  }

  private static final class Entry {
    private final String id;
    private final Path work;
    private MixNote note;
    private MixRun run;
    private boolean cancelled;

    private Entry(String id, Path work, MixNote note) {
      this.id = id;
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
      Path folder, Supplier<MixSettings> settings, Supplier<FfmpegPrograms> programs, int atOnce, Listener listener,
      Clock clock) {
    this.folder = folder;
    this.settings = settings;
    this.programs = programs;
    this.listener = listener;
    this.clock = clock;
    this.workers =
        Executors.newScheduledThreadPool(
            atOnce,
            work -> {
              Thread thread = new Thread(work, "mixer");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Takes up what a Reelway before this one left. */
  public synchronized void begin() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
      for (Path work : left) {
        recover(work);
      }
    } catch (IOException e) {
      LOG.error("mixes of a Reelway that has ended cannot be looked for in {}: {}", folder, e.toString());
    }
    jobs.values().stream()
        .sorted(Comparator.comparingLong(entry -> entry.note.createdMillis()))
        .filter(entry -> entry.state() == MixJob.State.WAITING)
        .forEach(entry -> later(entry, Duration.ZERO));
  }

  /** One that cannot be read keeps none of the others waiting. */
  private void recover(Path work) {
    try {
      takeUp(work);
    } catch (IOException | RuntimeException e) {
      LOG.error("the mix that is noted in {} is not begun, for its note cannot be read: {}; what it was to mix is there, and"
          + " `reelway mix` mixes it", work, e.toString());
    }
  }

  private void takeUp(Path work) throws IOException {
    if (!MixNote.isIn(work)) {
      // A kill came before it was a job; whoever handed it over does so again.
      delete(work);
      return;
    }
    MixNote note = MixNote.read(work);
    MixJob.State state = MixJob.State.of(note.state());
    boolean goesOn = state == MixJob.State.MIXING || state == MixJob.State.NO_ROOM;
    String id = work.getFileName().toString();
    jobs.put(id, new Entry(id, work, goesOn ? note.in(MixJob.State.WAITING, "") : note));
  }

  /**
   * Has the recording mixed in its turn. Returns once that is certain, whatever happens then.
   *
   * @param created when it began
   * @param length how long it is; zero where nobody knows
   * @return the job's id; that of the job which there is for this recording already
   * @throws InputFailure it is a mix itself
   * @throws OurFailure it cannot be noted
   */
  public synchronized String add(Path recording, String recorderUri, Instant created, Duration length) {
    if (MixedName.isMixed(recording)) {
      throw new InputFailure(recording + " is a mix already, and not mixed again; name the recording that it was made of");
    }
    Optional<Entry> known =
        jobs.values().stream()
            .filter(each -> each.note.recording().equals(recording.toString())
                && each.note.createdMillis() == created.toEpochMilli())
            .findFirst();
    if (known.isPresent()) {
      return known.get().id;
    }
    String id = UUID.randomUUID().toString();
    Path work = folder.resolve(id);
    try {
      Files.createDirectories(work);
      link(recording, work.resolve(recording.getFileName()));
      MixNote note =
          new MixNote(
              recording.toString(), recorderUri, created.toEpochMilli(), length.toMillis(),
              identity(recording), "", 0, 0, MixJob.State.WAITING.word(), "", 0);
      note.write(work);
      DurableFiles.syncFolder(folder);
      Entry entry = new Entry(id, work, note);
      jobs.put(id, entry);
      later(entry, Duration.ZERO);
      return id;
    } catch (IOException e) {
      throw new OurFailure("a mix of " + recording + " cannot be noted in " + work + ": " + e, e);
    }
  }

  private static String identity(Path recording) {
    try {
      return FileIdentity.of(recording).text();
    } catch (IOException linkOrGone) {
      return "";
    }
  }

  /** A copy where the file system knows no second names. */
  private static void link(Path recording, Path name) throws IOException {
    try {
      Files.createLink(name, recording);
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.copy(recording, name, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void later(Entry entry, Duration wait) {
    if (!closed) {
      workers.schedule(() -> work(entry), wait.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void work(Entry entry) {
    MixRun run;
    synchronized (this) {
      boolean due = entry.state() == MixJob.State.WAITING || entry.state() == MixJob.State.NO_ROOM;
      if (closed || !due || jobs.get(entry.id) != entry) {
        return;
      }
      try {
        run = begun(entry);
      } catch (IOException | RuntimeException e) {
        ended(entry, MixJob.State.FAILED, e.getMessage());
        return;
      }
    }
    try {
      Mixed mixed = mixed(entry, run);
      listener.mixed(job(entry), mixed);
      synchronized (this) {
        jobs.remove(entry.id);
      }
      delete(entry.work);
      LOG.info("mixed {}", mixed.file());
    } catch (MixStopped e) {
      stopped(entry, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (InputFailure e) {
      LOG.warn("{} is not mixed: {}", entry.note.recording(), e.getMessage());
      ended(entry, MixJob.State.FAILED, e.getMessage());
    } catch (IOException | RuntimeException e) {
      LOG.error("{} cannot be mixed: {}", entry.note.recording(), e.toString());
      again(entry, e.toString());
    }
  }

  private MixRun begun(Entry entry) throws IOException {
    entry.cancelled = false;
    entry.note = entry.note.begun();
    entry.note.write(entry.work);
    entry.run =
        new MixRun(
            held(entry), settings.get(), Optional.of(Instant.ofEpochMilli(entry.note.createdMillis())), programs.get());
    return entry.run;
  }

  /** Each step can be done again: the mix has its name at most once. */
  private Mixed mixed(Entry entry, MixRun run) throws IOException, InterruptedException {
    Path made = MixedName.of(held(entry));
    if (entry.note.target().isEmpty()) {
      Mixed mixed = run.run();
      synchronized (this) {
        entry.note = entry.note.becoming(free(Path.of(entry.note.recording())), mixed);
        entry.note.write(entry.work);
      }
    }
    Path target = Path.of(entry.note.target());
    if (Files.exists(made)) {
      Files.createDirectories(target.getParent());
      Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.syncFolder(target.toAbsolutePath().getParent());
    }
    return new Mixed(
        target, Duration.ofMillis(entry.note.mixedMillis()), Instant.ofEpochMilli(entry.note.mixedAtMillis()));
  }

  private static Path held(Entry entry) {
    return entry.work.resolve(Path.of(entry.note.recording()).getFileName());
  }

  /** Nothing is ever written over. */
  private static Path free(Path recording) {
    Path first = MixedName.of(recording);
    Path file = first;
    for (int copy = 2; Files.exists(file); copy++) {
      String name = first.getFileName().toString();
      int dot = name.lastIndexOf(DOT);
      // Still the name of a mix, which is not mixed again.
      file = first.resolveSibling(
          name.substring(0, dot).replaceFirst("_mixed$", "-" + copy + "_mixed") + name.substring(dot));
    }
    return file;
  }

  private void stopped(Entry entry, MixStopped why) {
    if (why.reason() == MixStopped.Reason.NO_ROOM) {
      LOG.warn("{} is not mixed now: {}", entry.note.recording(), why.getMessage());
      ended(entry, MixJob.State.NO_ROOM, why.getMessage());
      later(entry, ROOM_AGAIN);
    } else if (entry.cancelled) {
      ended(entry, MixJob.State.CANCELLED, "cancelled by request");
    } else {
      ended(entry, MixJob.State.WAITING, "");
    }
  }

  private void again(Entry entry, String why) {
    boolean more = entry.note.tries() < MOST_TRIES;
    ended(entry, more ? MixJob.State.WAITING : MixJob.State.FAILED, why);
    if (more) {
      later(entry, Duration.ofSeconds(10L * entry.note.tries()));
    }
  }

  private synchronized void ended(Entry entry, MixJob.State state, String why) {
    entry.run = null;
    entry.note = entry.note.in(state, why == null ? "" : why);
    try {
      entry.note.write(entry.work);
    } catch (IOException e) {
      LOG.error("how the mix of {} stands cannot be noted: {}", entry.note.recording(), e.toString());
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
    } else {
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
    if (entry != null && entry.run == null && entry.state() != MixJob.State.WAITING) {
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
        held(entry), entry.note.identity() == null ? "" : entry.note.identity());
  }

  private static void delete(Path work) throws IOException {
    try (Stream<Path> all = Files.walk(work)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
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
