package org.reelway.stream.workflow.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.reelway.failure.Conflict;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import org.reelway.failure.FileTree;
import org.reelway.failure.InputFailure;
import org.reelway.failure.ListBound;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;
import org.reelway.media.process.Orphans;
import org.reelway.recording.DurableFiles;
import org.reelway.state.SplitRow;
import org.reelway.state.StoredSplits;
import org.reelway.stream.workflow.archive.SplitRequest.Format;
import org.reelway.transfer.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of sections, made one after the other or a few at a time. What is ordered is in the state, and each step can
 * be done again: a crash costs what was fetched. Only what is wrong with a section ends it; all else is tried again.
 */
final class SplitJobs {
  private static final Logger LOG = LoggerFactory.getLogger(SplitJobs.class);
  private static final String HIDDEN = ".reelway-splits";
  private static final int MOST_WAITING = 1000;
  private static final int MOST_FAULTS = 3;
  private static final Duration MOMENTS = Duration.ofSeconds(30);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration LONGEST_RUN = Duration.ofHours(12);

  private final ArchiveStore store;
  private final Archives archives;
  private final StoredSplits stored;
  private final SplitFiles files;
  private final SplitDone.Listener listener;
  private final Backoff backoff;
  private final Clock clock;
  private final ScheduledThreadPoolExecutor workers;
  private final Orphans orphans;
  private final ListBound bound;
  /** Of this process, in the hidden folder: all others are left by killed ones. */
  private final String own = "run-" + UUID.randomUUID();
  private final Map<String, SectionFile> running = new ConcurrentHashMap<>();
  private final Set<String> said = new HashSet<>();
  private final AtomicLong failed = new AtomicLong();
  /** Why something is tried again, until something goes through. */
  private volatile Trouble trouble;
  private volatile boolean closed;

  private record Trouble(Instant since, String words) {}

  SplitJobs(
      ArchiveStore store, Archives archives, StoredSplits stored, SplitFiles files, int atOnce, SplitDone.Listener listener,
      Backoff backoff, Clock clock) {
    this.store = store;
    this.archives = archives;
    this.stored = stored;
    this.files = files;
    this.listener = listener;
    this.backoff = backoff;
    this.clock = clock;
    this.orphans = new Orphans("splits in " + hidden());
    this.bound = new ListBound(
        "workflow-splits", "files of sections that are not made", MOST_WAITING, stored::waiting,
        "GET /streams/{id}/splits tells why they are not made");
    this.workers = new ScheduledThreadPoolExecutor(atOnce, DaemonThreads.numbered("split"));
    workers.setKeepAliveTime(30, TimeUnit.SECONDS);
    workers.allowCoreThreadTimeOut(true);
    workers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    workers.setRemoveOnCancelPolicy(true);
  }

  private Path hidden() {
    return files.folder().toAbsolutePath().resolve(HIDDEN);
  }

  ListBound bound() {
    return bound;
  }

  /** Goes on with what was ordered before a start. */
  void begin() {
    List<SplitRow> open = stored.open();
    if (!open.isEmpty()) {
      workers.execute(() -> {
        clean();
        open.stream().filter(row -> !row.isOver()).forEach(row -> later(row, Duration.ZERO));
        new HashSet<>(open.stream().filter(SplitRow::isOver).map(SplitRow::split).toList()).forEach(split -> tell(split, 0));
      });
    }
  }

  /** What runs that were killed left; those that are whole and about to get their names are kept. */
  private void clean() {
    try {
      orphans.end(GRACE);
      if (Files.isDirectory(hidden())) {
        try (Stream<Path> left = Files.list(hidden())) {
          for (Path each : left.filter(folder -> Files.isDirectory(folder) && !folder.endsWith(own)).toList()) {
            FileTree.delete(each);
          }
        }
      }
    } catch (IOException e) {
      LOG.warn("what splits of a Reelway before left in {} cannot be deleted: {}", hidden(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Has them made in their turn; on disk when this returns. The same again is a success, and what failed of it is
   * tried again.
   *
   * @throws Conflict other sections have the name
   */
  synchronized void order(List<SplitRow> rows) {
    List<SplitRow> known = stored.split(rows.get(0).split());
    if (!known.isEmpty()) {
      again(known, rows);
      return;
    }
    files.requireTaken(files.folder());
    bound.require(rows.size());
    stored.put(rows);
    rows.forEach(row -> later(row, Duration.ZERO));
  }

  private void again(List<SplitRow> known, List<SplitRow> rows) {
    boolean same = known.size() == rows.size();
    for (int i = 0; same && i < rows.size(); i++) {
      same = known.get(i).isSameOrder(rows.get(i));
    }
    if (!same) {
      throw new Conflict(
          rows.get(0).file() + " is of other sections; give another \"name_modifier\", or none");
    }
    List<SplitRow> failed =
        known.stream().filter(row -> row.state() == SplitRow.State.FAILED).map(row -> row.waiting(0, "")).toList();
    if (!failed.isEmpty()) {
      stored.put(failed);
      failed.forEach(row -> later(row, Duration.ZERO));
    }
  }

  private void later(SplitRow row, Duration wait) {
    if (!closed) {
      workers.schedule(() -> work(row), wait.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static String key(SplitRow row) {
    return row.split() + "_" + row.section();
  }

  /** Where it is whole and waits for its name. */
  private Path ready(SplitRow row) {
    return hidden().resolve(key(row) + ".mp4");
  }

  private void work(SplitRow row) {
    if (closed) {
      return;
    }
    try {
      place(row.state() == SplitRow.State.PLACING ? row : made(row));
    } catch (InputFailure e) {
      over(row, row.failed(e.getMessage(), clock.instant()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException | Error e) {
      again(row, e);
    }
  }

  private SplitRow made(SplitRow row) throws IOException, InterruptedException {
    Path work = SectionFile.emptyFolder(hidden().resolve(own));
    try {
      SectionFile run =
          new SectionFile(
              row, archives, store.store(), new BackgroundFfmpeg(files.programs(), LONGEST_RUN, orphans.environment()), work);
      running.put(key(row), run);
      Path out = work.resolve("out.mp4");
      FileCut.How how = run.make(out);
      Files.move(out, ready(row), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      DurableFiles.syncFolder(hidden());
      SplitRow placing = row.placing(how.word());
      stored.put(placing);
      return placing;
    } finally {
      running.remove(key(row));
      FileTree.delete(work);
    }
  }

  /** Each step can be done again. Where the file is in neither place it was sent, and is gone. */
  private void place(SplitRow row) throws IOException {
    Path file = Path.of(row.file());
    if (Files.exists(ready(row))) {
      Files.createDirectories(file.getParent());
      Files.move(ready(row), file, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.syncFolder(file.getParent());
    }
    if (Files.exists(file)) {
      files.finished(file, row.stream());
    }
    LOG.info("made {} of {} to {} s of the session {} of the stream {} ({})", file, row.begins() / 1e6, row.ends() / 1e6,
        row.session(), row.stream(), row.how());
    over(row, row.made(clock.instant()));
  }

  private void over(SplitRow row, SplitRow done) {
    if (done.state() == SplitRow.State.FAILED) {
      failed.incrementAndGet();
      LOG.error("{} is not made: {}; the same split with its name_modifier tries it again", row.file(), done.trouble());
    }
    try {
      stored.put(done);
      if (done.state() == SplitRow.State.MADE) {
        trouble = null;
        synchronized (said) {
          said.clear();
        }
      }
      tell(row.split(), 0);
    } catch (RuntimeException e) {
      again(row, e);
    }
  }

  /** What is wrong with us a few times is a bug; stores come back, and disks get room. */
  private void again(SplitRow row, Throwable why) {
    if (closed) {
      return;
    }
    int tries = row.tries() + 1;
    boolean isKnown = Failure.in(why).isPresent() || why instanceof IOException;
    String words = Failure.in(why).map(Throwable::getMessage).orElse(why.toString());
    if (!isKnown && tries >= MOST_FAULTS && row.state() == SplitRow.State.WAITING) {
      LOG.error("a fault of ours in {}", row.file(), why);
      over(row, row.failed(words, clock.instant()));
      return;
    }
    say(row, words, Failure.classOf(why));
    trouble = new Trouble(trouble == null ? clock.instant() : trouble.since(), row.file() + ": " + words);
    SplitRow next = row.state() == SplitRow.State.WAITING ? row.waiting(tries, words) : row;
    try {
      stored.put(next);
    } catch (RuntimeException e) {
      LOG.debug("{}", e.toString());
    }
    later(next, backoff.after(tries));
  }

  private void say(SplitRow row, String words, FailureClass whose) {
    synchronized (said) {
      if (said.add(row.split() + whose)) {
        LOG.warn("{} is made later ({}): {}", row.file(), whose.word(), words);
      }
    }
  }

  /** Tells once all sections are over; again and again until that is taken. */
  private void tell(String split, int failures) {
    try {
      List<SplitRow> rows = stored.split(split);
      if (!rows.isEmpty() && rows.stream().allMatch(SplitRow::isOver)) {
        listener.done(done(rows));
        stored.told(split);
      }
    } catch (RuntimeException e) {
      LOG.debug("the split {} is told later: {}", split, e.toString());
      if (!closed) {
        workers.schedule(() -> tell(split, failures + 1), backoff.after(failures + 1).toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  private static SplitDone done(List<SplitRow> rows) {
    SplitRow first = rows.get(0);
    List<SplitDone.Made> made = new ArrayList<>();
    for (SplitRow row : rows) {
      boolean isMade = row.state() == SplitRow.State.MADE;
      made.add(
          new SplitDone.Made(
              new Section(row.begins() / 1e6, row.ends() / 1e6), isMade ? row.file() : "", row.how(), row.trouble()));
    }
    return new SplitDone(first.split(), first.stream(), first.session(), Format.MP4, made);
  }

  Splitter.Standing standing() {
    Trouble now = trouble;
    boolean lasts = now != null && now.since().plus(MOMENTS).isBefore(clock.instant());
    return new Splitter.Standing(stored.waiting(), failed.get(), lasts ? now.words() : "");
  }

  List<SplitWork> works(String stream) {
    return stored.ofStream(stream).stream().map(this::shown).toList();
  }

  private SplitWork shown(SplitRow row) {
    SectionFile run = running.get(key(row));
    boolean isWaiting = row.state() == SplitRow.State.WAITING && run == null;
    String state = row.isOver() || isWaiting ? row.state().name().toLowerCase(Locale.ROOT) : "working";
    return new SplitWork(
        row.split(), row.session(), row.section(), row.begins() / 1e6, row.ends() / 1e6, row.isExact(), row.file(), state,
        run == null ? null : (Integer) run.percent(), row.how().isEmpty() ? null : row.how(), row.tries(),
        row.trouble().isEmpty() ? null : row.trouble(), row.createdAt(), row.doneAt());
  }

  /** What runs is ended, and begun anew by the next start. */
  void close() {
    closed = true;
    workers.shutdownNow();
    try {
      workers.awaitTermination(GRACE.toMillis() * 2, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
