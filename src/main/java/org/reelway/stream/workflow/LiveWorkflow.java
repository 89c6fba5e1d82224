package org.reelway.stream.workflow;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.reelway.failure.Conflict;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.FailureClass;
import org.reelway.failure.ListBound;
import org.reelway.failure.NotFound;
import org.reelway.state.StoredWorkflow;
import org.reelway.state.WorkflowNoticeRow;
import org.reelway.state.WorkflowSessionRow;
import org.reelway.state.WorkflowStreamRow;
import org.reelway.state.WorkflowStreamRow.Wanted;
import org.reelway.stream.workflow.StreamDriver.RunningCost;
import org.reelway.stream.workflow.archive.ArchiveRoot;
import org.reelway.stream.workflow.archive.SplitAnswer;
import org.reelway.stream.workflow.archive.SplitDone;
import org.reelway.stream.workflow.archive.SplitRequest;
import org.reelway.stream.workflow.archive.SplitSource;
import org.reelway.stream.workflow.archive.SplitWork;
import org.reelway.stream.workflow.archive.Splitter;
import org.reelway.transfer.Backoff;

/**
 * Streams by wish. A call writes what is wanted of a stream, has the driver look at it once, and answers how it stands then;
 * all else follows by itself, also after a crash. Calls for one stream come one after the other, others go on.
 */
public final class LiveWorkflow {
  /** A call answers by then, however far the driver is. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  /** Of calls that wait for the driver: the API's threads are few, and hooks of media servers need them too. */
  private static final int MOST_WAITING = 4;
  /** Of the others. */
  private static final Duration SHORT_PATIENCE = Duration.ofSeconds(1);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
  private static final int AT_ONCE = 16;
  private static final int MOST_NOTICES = 10_000;

  private final StoredWorkflow stored;
  private final KnownStreams streams;
  private final Splitter splitter;
  private final ArchiveRoots roots;
  private final Clock clock;
  private final ScheduledThreadPoolExecutor threads;
  private final BegunDriver driver;
  private final Reconciler reconciler;
  private final Notices notices;
  private final Semaphore waiting = new Semaphore(MOST_WAITING);
  private final ListBound streamsBound;
  private final ListBound noticesBound;

  /**
   * @param driver makes one; called once there is a stream
   * @param splitter makes one, which tells of what it has made
   * @param told is given what has happened, again and again until it returns
   * @param most streams that there may be
   */
  public LiveWorkflow(
      StoredWorkflow stored, Supplier<StreamDriver> driver, Function<SplitDone.Listener, Splitter> splitter, ArchiveRoots roots,
      Consumer<WorkflowNoticeRow> told, int most, Clock clock) {
    this.stored = stored;
    this.streams = new KnownStreams(stored);
    this.splitter = splitter.apply(this::splitDone);
    this.roots = roots;
    this.clock = clock;
    this.threads = new ScheduledThreadPoolExecutor(AT_ONCE, DaemonThreads.numbered("workflow"));
    threads.setKeepAliveTime(30, TimeUnit.SECONDS);
    threads.allowCoreThreadTimeOut(true);
    threads.setRemoveOnCancelPolicy(true);
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.driver = new BegunDriver(driver, this::wake, streams::wanted, threads);
    this.notices = new Notices(stored, told, threads, BACKOFF, clock);
    this.reconciler = new Reconciler(this.driver::get, new Outcome(streams, notices, clock), threads, BACKOFF, clock);
    this.streamsBound = new ListBound(
        "workflow-streams", "streams", most, streams::size, "delete some, or set reelway.workflow.most to more");
    this.noticesBound = new ListBound(
        "workflow-notices", "notices", MOST_NOTICES, () -> stored.counts().notices(),
        "see why the route of kamelet:workflow-events does not take them");
  }

  public List<ListBound> bounds() {
    return Stream.concat(Stream.of(streamsBound, noticesBound), splitter.bounds().stream()).toList();
  }

  /**
   * Goes on with what was wanted when Reelway ended.
   *
   * @param costsMoney whether the driver looks for what is left running, also where there is no stream
   */
  public void begin(boolean costsMoney) {
    StoredWorkflow.Counts there = stored.counts();
    if (there.streams() == 0 && costsMoney) {
      driver.watchCosts();
    }
    if (there.streams() > 0) {
      streams.load();
      streams.all().forEach(reconciler::begin);
    }
    if (there.notices() > 0) {
      notices.look();
    }
    splitter.begin();
  }

  public StreamView create(NewStream order) {
    KnownStream stream;
    synchronized (streamsBound) {
      streamsBound.require(1);
      Instant now = clock.instant();
      WorkflowStreamRow row = new WorkflowStreamRow(
          newId(), order.name(), order.description(), order.segmentLength(), order.startoverWindow(), order.keyRotation(),
          Wanted.STOPPED, false, false, null, false, now, now, null, null);
      synchronized (roots) {
        stream = streams.add(row, new FormerSessions(stored, roots).of(row, order.archives()));
      }
    }
    return looked(stream);
  }

  private static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /** By their ids. @param after the last id of the page before; empty for the first page */
  public List<StreamView> list(String after, int most) {
    return streams.page(after, most);
  }

  public StreamView one(String id) {
    return streams.view(streams.find(id));
  }

  /**
   * What is empty stays as it is.
   *
   * @param segmentLength seconds
   * @throws Conflict its segments may not change now
   */
  public StreamView describe(String id, Optional<String> name, Optional<String> description, Optional<Long> segmentLength) {
    KnownStream stream = streams.find(id);
    synchronized (stream) {
      WorkflowStreamRow row = KnownStreams.rowThatStays(stream);
      long seconds = segmentLength.orElse(row.segmentLength());
      if (seconds != row.segmentLength() && row.isSessionOpen()) {
        throw new Conflict("\"segment_length\" of the stream " + id + " can change only while it is stopped; stop it first");
      }
      streams.put(
          stream, row.described(name.orElse(row.name()), description.orElse(row.description()), seconds, clock.instant()));
    }
    return looked(stream);
  }

  /** @throws Conflict a session is open */
  public StreamView delete(String id) {
    KnownStream stream = streams.find(id);
    synchronized (stream) {
      WorkflowStreamRow row = KnownStreams.row(stream);
      if (row.wanted() == Wanted.STARTED) {
        throw new Conflict("the stream " + id + " is started; stop it first");
      }
      if (row.wanted() != Wanted.DELETED) {
        WorkflowStreamRow deleted = row.deleted(clock.instant());
        // Without its session's row there is none to be closed first.
        streams.put(stream, stream.session() == null ? deleted.closed() : deleted);
      }
    }
    return looked(stream);
  }

  /**
   * @param path of the archive; empty for one of our own
   * @param startoverWindow seconds; empty for as before
   * @param keyRotation seconds; empty for as before
   * @throws Conflict it is started, or its last session is not closed yet
   */
  public StreamView start(String id, Optional<String> path, Optional<Long> startoverWindow, Optional<Long> keyRotation) {
    KnownStream stream = streams.find(id);
    noticesBound.require(2);
    synchronized (stream) {
      WorkflowStreamRow row = KnownStreams.rowThatStays(stream);
      if (row.wanted() == Wanted.STARTED) {
        throw new Conflict("the stream " + id + " is started; stop it first");
      }
      if (row.isSessionOpen()) {
        throw new Conflict("the stream " + id + " is stopping; start it once its state is stopped");
      }
      Instant now = clock.instant();
      String session = newId();
      synchronized (roots) {
        String archive = path.map(wanted -> roots.of("path", wanted, stored::archiveThatMeets))
            .orElseGet(() -> roots.of(id, now, stored::archiveThatMeets)).toString();
        streams.put(stream,
            row.started(session, startoverWindow.orElse(row.startoverWindow()), keyRotation.orElse(row.keyRotation()), now),
            WorkflowSessionRow.started(session, id, archive, now));
      }
    }
    return looked(stream);
  }

  /** @throws Conflict it is not started */
  public StreamView stop(String id) {
    KnownStream stream = streams.find(id);
    synchronized (stream) {
      WorkflowStreamRow row = KnownStreams.row(stream);
      if (row.wanted() != Wanted.STARTED) {
        throw new Conflict("the stream " + id + " is not started: it is " + stream.state().word());
      }
      Instant now = clock.instant();
      WorkflowSessionRow session = stream.session();
      if (session == null) {
        // It was lost with its row; nothing is left to be closed.
        streams.put(stream, row.stopped(now).closed());
      } else {
        streams.put(stream, row.stopped(now), session.stopped(now));
      }
    }
    return looked(stream);
  }

  /** @param on whether it is wanted on the public live address */
  public StreamView live(String id, boolean on) {
    KnownStream stream = streams.find(id);
    synchronized (stream) {
      WorkflowStreamRow row = KnownStreams.rowThatStays(stream);
      if (row.isLive() != on) {
        streams.put(stream, row.live(on, clock.instant()));
      }
    }
    return looked(stream);
  }

  /** @throws NotFound there is no such session, or what {@link Splitter#split} says */
  public SplitAnswer split(String id, SplitRequest request) {
    KnownStream stream = streams.find(id);
    WorkflowSessionRow row = stored.session(id, request.session()).orElseThrow(() -> new NotFound(
        "\"session_id\" is \"" + request.session() + "\", and no session of the stream " + id
            + " has that id; its archives_path lists them"));
    noticesBound.require(1);
    return splitter.split(
        new SplitSource(
            id, row.id(), ArchiveRoot.of(row.archive()), Duration.ofSeconds(stream.row().segmentLength()),
            row.closedAt() == null),
        request);
  }

  /** Files of its archives' sections, the newest last. */
  public List<SplitWork> splits(String id) {
    return splitter.works(streams.find(id).id());
  }

  /** What was made of an archive is there, and is told; also of a stream that is gone by now. */
  private void splitDone(SplitDone done) {
    stored.add(SessionNotice.split(
        done, streams.name(done.stream()), stored.session(done.stream(), done.session()), clock.instant()));
    notices.look();
  }

  /** What runs for streams now, wanted or not. */
  public List<RunningCost> costs() {
    return driver.costs();
  }

  /** As it stands once the driver has looked at it, or takes long. */
  private StreamView looked(KnownStream stream) {
    CompletableFuture<Void> look = reconciler.wanted(stream);
    boolean isPatient = waiting.tryAcquire();
    try {
      look.get((isPatient ? PATIENCE : SHORT_PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // It goes on without this call.
      return streams.view(stream);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (isPatient) {
        waiting.release();
      }
    }
    return streams.view(stream);
  }

  private void wake(String id) {
    streams.ifThere(id, reconciler::wake);
  }

  /** Looks at one before its time. */
  public void lookAt(String id) {
    reconciler.wake(streams.find(id));
  }

  public long count(StreamState state) {
    return streams.count(state);
  }

  public long failures(FailureClass whose) {
    return reconciler.failures(whose);
  }

  public long noticesWaiting() {
    return stored.counts().notices();
  }

  /** Files of sections of archives. */
  public Splitter.Standing splits() {
    return splitter.standing();
  }

  /** By stream, its state and what it waits for. */
  public Map<String, String> words() {
    return streams.words();
  }

  /** What people have to look at; empty where all is well. */
  public List<String> troubles() {
    List<String> all = new ArrayList<>(
        new WorkflowTroubles(clock.instant()).of(streams.all(), notices.trouble(), driver.leftRunning(), streams.unreadable()));
    String split = splitter.standing().trouble();
    if (!split.isEmpty()) {
      all.add("files of sections are made later: " + split);
    }
    return all;
  }

  /** That wait or work now. */
  int threads() {
    return threads.getPoolSize();
  }

  /** What is wanted goes on after the next start. */
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
    driver.close();
    splitter.close();
  }
}
