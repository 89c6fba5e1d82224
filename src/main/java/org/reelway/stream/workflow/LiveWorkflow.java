package org.reelway.stream.workflow;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
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
import org.reelway.stream.workflow.archive.Splitter;
import org.reelway.transfer.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams by wish. A call writes what is wanted of a stream, has the driver look at it once, and answers how it stands then;
 * all else follows by itself, also after a crash. Calls for one stream come one after the other, others go on.
 */
public final class LiveWorkflow {
  private static final Logger LOG = LoggerFactory.getLogger(LiveWorkflow.class);
  /** A call answers by then, however far the driver is. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
  private static final int AT_ONCE = 16;
  private static final int MOST_NOTICES = 10_000;

  private final StoredWorkflow stored;
  private final Splitter splitter;
  private final ArchiveRoots roots;
  private final Clock clock;
  private final ScheduledThreadPoolExecutor threads;
  private final BegunDriver driver;
  private final Reconciler reconciler;
  private final Notices notices;
  private final ListBound streamsBound;
  private final ListBound noticesBound;
  private final Map<String, KnownStream> streams = new ConcurrentHashMap<>();
  private final List<String> unreadable = new CopyOnWriteArrayList<>();

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
    this.splitter = splitter.apply(this::splitDone);
    this.roots = roots;
    this.clock = clock;
    this.threads = new ScheduledThreadPoolExecutor(AT_ONCE, DaemonThreads.numbered("workflow"));
    threads.setKeepAliveTime(30, TimeUnit.SECONDS);
    threads.allowCoreThreadTimeOut(true);
    threads.setRemoveOnCancelPolicy(true);
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.driver = new BegunDriver(driver, this::wake, threads);
    this.reconciler = new Reconciler(this.driver::get, this::reached, threads, BACKOFF, clock);
    this.notices = new Notices(stored, told, threads, BACKOFF, clock);
    this.streamsBound = new ListBound(
        "workflow-streams", "streams", most, streams::size, "delete some, or set reelway.workflow.most to more");
    this.noticesBound = new ListBound(
        "workflow-notices", "notices", MOST_NOTICES, () -> stored.counts().notices(),
        "see why the route of kamelet:workflow-events does not take them");
  }

  public List<ListBound> bounds() {
    return List.of(streamsBound, noticesBound);
  }

  /** Goes on with what was wanted when Reelway ended. */
  public void begin() {
    StoredWorkflow.Counts there = stored.counts();
    if (there.streams() > 0) {
      Map<String, Map<String, String>> facts = stored.facts();
      stored.streams(
          row -> streams.put(row.id(), new KnownStream(stored, row, facts.getOrDefault(row.id(), Map.of()))),
          (id, why) -> setAside("stream " + id, why));
      stored.lastSessions(
          session -> Optional.ofNullable(streams.get(session.streamId())).ifPresent(stream -> stream.is(session)),
          (id, why) -> setAside("session " + id, why));
      streams.values().forEach(reconciler::begin);
    }
    if (there.notices() > 0) {
      notices.look();
    }
    splitter.begin();
  }

  private void setAside(String what, String why) {
    LOG.error("the {} of the live workflow cannot be read from the state, and is left out: {}", what, why);
    unreadable.add(what);
  }

  public StreamView create(NewStream order) {
    KnownStream stream;
    synchronized (streamsBound) {
      streamsBound.require(1);
      Instant now = clock.instant();
      WorkflowStreamRow row = new WorkflowStreamRow(
          newId(), order.name(), order.description(), order.segmentLength(), order.startoverWindow(), order.keyRotation(),
          Wanted.STOPPED, false, false, null, false, now, now, null, null);
      stored.put(row);
      stream = new KnownStream(stored, row, Map.of());
      streams.put(row.id(), stream);
    }
    return looked(stream);
  }

  private static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /** By their ids. @param after the last id of the page before; empty for the first page */
  public List<StreamView> list(String after, int most) {
    List<KnownStream> page = streams.values().stream()
        .filter(stream -> stream.id().compareTo(after) > 0)
        .sorted(Comparator.comparing(KnownStream::id))
        .limit(most)
        .toList();
    Map<String, Map<String, String>> archives = stored.archives(page.stream().map(KnownStream::id).toList());
    return page.stream().map(stream -> view(stream, archives)).toList();
  }

  public StreamView one(String id) {
    return view(find(id));
  }

  /** @throws Conflict its segments may not change now */
  public StreamView describe(String id, String name, String description, long segmentLength) {
    KnownStream stream = find(id);
    synchronized (stream) {
      WorkflowStreamRow row = rowThatStays(stream);
      if (segmentLength != row.segmentLength() && row.isSessionOpen()) {
        throw new Conflict("\"segment_length\" of the stream " + id + " can change only while it is stopped; stop it first");
      }
      put(stream, row.described(name, description, segmentLength, clock.instant()));
    }
    return looked(stream);
  }

  /** @throws Conflict a session is open */
  public StreamView delete(String id) {
    KnownStream stream = find(id);
    synchronized (stream) {
      WorkflowStreamRow row = row(stream);
      if (row.wanted() == Wanted.STARTED) {
        throw new Conflict("the stream " + id + " is started; stop it first");
      }
      if (row.wanted() != Wanted.DELETED) {
        put(stream, row.deleted(clock.instant()));
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
    KnownStream stream = find(id);
    noticesBound.require(2);
    synchronized (stream) {
      WorkflowStreamRow row = rowThatStays(stream);
      if (row.wanted() == Wanted.STARTED) {
        throw new Conflict("the stream " + id + " is started; stop it first");
      }
      if (row.isSessionOpen()) {
        throw new Conflict("the stream " + id + " is stopping; start it once its state is stopped");
      }
      Instant now = clock.instant();
      String session = newId();
      synchronized (roots) {
        String archive = path.map(wanted -> roots.of(wanted, stored::archiveThatMeets))
            .orElseGet(() -> roots.of(id, now, stored::archiveThatMeets)).toString();
        put(
            stream,
            row.started(session, startoverWindow.orElse(row.startoverWindow()), keyRotation.orElse(row.keyRotation()), now),
            WorkflowSessionRow.started(session, id, archive, now));
      }
    }
    return looked(stream);
  }

  /** @throws Conflict it is not started */
  public StreamView stop(String id) {
    KnownStream stream = find(id);
    synchronized (stream) {
      WorkflowStreamRow row = row(stream);
      if (row.wanted() != Wanted.STARTED) {
        throw new Conflict("the stream " + id + " is not started: it is " + stream.state().word());
      }
      Instant now = clock.instant();
      WorkflowSessionRow session = stream.session();
      if (session == null) {
        put(stream, row.stopped(now));
      } else {
        put(stream, row.stopped(now), session.stopped(now));
      }
    }
    return looked(stream);
  }

  /** @param on whether it is wanted on the public live address */
  public StreamView live(String id, boolean on) {
    KnownStream stream = find(id);
    synchronized (stream) {
      WorkflowStreamRow row = rowThatStays(stream);
      if (row.isLive() != on) {
        put(stream, row.live(on, clock.instant()));
      }
    }
    return looked(stream);
  }

  /** @throws NotFound there is no such session, or what {@link Splitter#split} says */
  public SplitAnswer split(String id, SplitRequest request) {
    KnownStream stream = find(id);
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

  /** What was made of an archive is there, and is told; also of a stream that is gone by now. */
  private void splitDone(SplitDone done) {
    String name = Optional.ofNullable(streams.get(done.stream())).map(stream -> stream.row().name()).orElse(null);
    stored.add(SessionNotice.split(done, name, stored.session(done.stream(), done.session()), clock.instant()));
    notices.look();
  }

  /** What runs for streams now, wanted or not. */
  public List<RunningCost> costs() {
    return driver.costs();
  }

  private KnownStream find(String id) {
    return Optional.ofNullable(streams.get(id)).orElseThrow(() -> notThere(id));
  }

  private static NotFound notThere(String id) {
    return new NotFound("no stream has the id \"" + id + "\"; GET /streams lists them");
  }

  /** Of one that may be gone since it was found. */
  private static WorkflowStreamRow row(KnownStream stream) {
    if (stream.isGone()) {
      throw notThere(stream.id());
    }
    return stream.row();
  }

  private static WorkflowStreamRow rowThatStays(KnownStream stream) {
    WorkflowStreamRow row = row(stream);
    if (row.wanted() == Wanted.DELETED) {
      throw new Conflict("the stream " + row.id() + " is being deleted");
    }
    return row;
  }

  private void put(KnownStream stream, WorkflowStreamRow row) {
    stored.put(row);
    stream.is(row);
  }

  private void put(KnownStream stream, WorkflowStreamRow row, WorkflowSessionRow session, WorkflowNoticeRow... happened) {
    stored.put(row, session, List.of(happened));
    stream.is(row);
    stream.is(session);
    if (happened.length > 0) {
      notices.look();
    }
  }

  /** As it stands once the driver has looked at it, or does not answer. */
  private StreamView looked(KnownStream stream) {
    try {
      reconciler.wanted(stream).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.debug("the stream {} is looked at for long: {}", stream.id(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return view(stream);
  }

  private StreamView view(KnownStream stream) {
    return view(stream, stored.archives(List.of(stream.id())));
  }

  private static StreamView view(KnownStream stream, Map<String, Map<String, String>> archives) {
    return new StreamView(
        stream.row(), stream, archives.getOrDefault(stream.id(), Map.of()), stream.state(),
        stream.trouble().map(Trouble::message));
  }

  private void wake(String id) {
    Optional.ofNullable(streams.get(id)).ifPresent(reconciler::wake);
  }

  /** Looks at one before its time. */
  public void lookAt(String id) {
    reconciler.wake(find(id));
  }

  private void reached(KnownStream stream, Reconciler.Reach reach) {
    if (!reach.reached().isDone()) {
      return;
    }
    synchronized (stream) {
      switch (reach.asked().wanted()) {
        case DELETED -> remove(stream);
        case STARTED -> reach.asked().session().ifPresent(session -> opened(stream, session.id()));
        case STOPPED -> reach.asked().session().ifPresent(session -> closed(stream, session.id()));
      }
      if (!stream.isGone() && !stream.row().isMade()) {
        put(stream, stream.row().made());
      }
    }
  }

  private void remove(KnownStream stream) {
    stored.remove(stream.id());
    stream.gone();
    streams.remove(stream.id());
    LOG.info("the stream {} is deleted", stream.id());
  }

  private void opened(KnownStream stream, String session) {
    WorkflowSessionRow row = stream.session();
    if (row.id().equals(session) && row.openedAt() == null) {
      Instant now = clock.instant();
      put(stream, stream.row().made(), row.opened(now), SessionNotice.opened(stream, row, now));
      LOG.info("the session {} of the stream {} is open; its archive is {}", session, stream.id(), row.archive());
    }
  }

  private void closed(KnownStream stream, String session) {
    WorkflowSessionRow row = stream.session();
    if (row.id().equals(session) && stream.row().isSessionOpen() && stream.row().wanted() != Wanted.STARTED) {
      Instant now = clock.instant();
      put(stream, stream.row().made().closed(), row.closed(now), SessionNotice.closed(stream, row, now));
      LOG.info("the session {} of the stream {} is closed; its archive is {}", session, stream.id(), row.archive());
      if (stream.row().wanted() == Wanted.DELETED) {
        reconciler.wake(stream);
      }
    }
  }

  public long count(StreamState state) {
    return streams.values().stream().filter(stream -> stream.state() == state).count();
  }

  public long failures(FailureClass whose) {
    return reconciler.failures(whose);
  }

  public long noticesWaiting() {
    return stored.counts().notices();
  }

  /** By stream, its state and what it waits for. */
  public Map<String, String> words() {
    Map<String, String> all = new TreeMap<>();
    streams.values().forEach(stream -> all.put(
        stream.id(),
        stream.row().name() + ": " + stream.state().word() + stream.trouble().map(why -> ", " + why.message()).orElse("")));
    return all;
  }

  /** What people have to look at; empty where all is well. */
  public List<String> troubles() {
    return new WorkflowTroubles(clock.instant()).of(streams.values(), notices.trouble(), driver.leftRunning(), unreadable);
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
