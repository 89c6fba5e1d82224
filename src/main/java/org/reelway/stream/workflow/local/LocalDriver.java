package org.reelway.stream.workflow.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.OurFailure;
import org.reelway.live.PublishedFolder;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.media.ffmpeg.MediaProbe;
import org.reelway.media.process.Orphans;
import org.reelway.stream.recorder.MediaRoom;
import org.reelway.stream.workflow.Reached;
import org.reelway.stream.workflow.Session;
import org.reelway.stream.workflow.StreamDriver;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.WantedStream;
import org.reelway.stream.workflow.WantedStream.Wanted;
import org.reelway.stream.workflow.archive.ArchiveRoot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries streams without a cloud. */
public final class LocalDriver implements StreamDriver {
  private static final Logger LOG = LoggerFactory.getLogger(LocalDriver.class);
  /** Number of the next viewer segment, and the discontinuities before it: numbers go on over sessions. */
  private static final String NEXT = "local_next";
  /** Where it is on the public live address, below the viewer files. */
  private static final String PUBLIC = "local_public";
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofMillis(500);
  private static final Duration LATER = Duration.ofSeconds(5);
  private static final long TICK_MILLIS = 500;

  private final LocalPlan plan;
  private final PublishedFolder viewers;
  private final PublishedFolder archives;
  private final Supplier<FfmpegPrograms> programs;
  private final Orphans orphans;
  private final Sources sources;
  private final Runnable closed;
  private final MediaRoom room = MediaRoom.ofProcess();
  /** Streams by where they are public. */
  private final Map<Path, String> publicPlaces = new ConcurrentHashMap<>();
  private final Map<String, LocalSession> sessions = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(4, DaemonThreads.numbered("workflow"));
  /** Of its own: all others may wait for an ffmpeg that has to be ended. */
  private final ScheduledThreadPoolExecutor watcher = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("workflow-watcher"));
  private volatile Consumer<String> wake = id -> {};
  private volatile boolean orphansEnded;

  /**
   * @param viewers folder of all streams' viewer files
   * @param archives folder of all archives, by their keys
   * @param closed ends their publishers, after all else
   */
  public LocalDriver(
      LocalPlan plan, PublishedFolder viewers, PublishedFolder archives, Supplier<FfmpegPrograms> programs, Orphans orphans,
      Runnable closed) {
    this.plan = plan;
    this.viewers = viewers;
    this.archives = archives;
    this.programs = programs;
    this.orphans = orphans;
    this.sources = new Sources(plan);
    this.closed = closed;
  }

  @Override
  public String name() {
    return "local";
  }

  @Override
  public void begin(Consumer<String> wake) {
    this.wake = wake;
    threads.execute(this::endOrphans);
    threads.execute(viewers::begin);
    threads.execute(archives::begin);
    threads.scheduleWithFixedDelay(() -> each(LocalSession::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    threads.scheduleWithFixedDelay(() -> each(LocalSession::publish), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    watcher.scheduleWithFixedDelay(
        () -> sessions.values().forEach(LocalSession::watch), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void endOrphans() {
    try {
      List<Long> ended = orphans.end(GRACE);
      if (!ended.isEmpty()) {
        LOG.info("ended processes that a Reelway which was killed had left: {}", ended);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("processes of a Reelway that was killed cannot be looked for: {}", e.toString(), e);
    }
    orphansEnded = true;
  }

  private void each(Consumer<LocalSession> work) {
    sessions.values().forEach(session -> {
      try {
        work.accept(session);
      } catch (RuntimeException e) {
        LOG.error("a session cannot be looked after: {}", e.toString(), e);
      }
    });
  }

  @Override
  public Reached reconcile(WantedStream stream, StreamFacts facts) {
    try {
      return switch (stream.wanted()) {
        case STARTED -> start(stream, facts);
        case STOPPED -> stop(stream, facts);
        case DELETED -> delete(stream, facts);
      };
    } catch (IOException e) {
      throw new OurFailure("files of stream " + stream.name() + " cannot be written below " + viewers.root() + ": " + e, e);
    }
  }

  private Reached start(WantedStream stream, StreamFacts facts) throws IOException {
    address(stream, facts);
    if (!orphansEnded) {
      return Reached.waiting(SOON, "processes that were left by a Reelway that was killed are ended");
    }
    LocalSession session = session(stream, facts);
    boolean isOpen = session.open(facts);
    String notLive = live(stream, facts, session);
    String trouble = session.trouble().isEmpty() ? notLive : session.trouble();
    return isOpen && trouble.isEmpty()
        ? new Reached(true, LATER, "")
        : Reached.waiting(
            isOpen ? LATER : SOON,
            trouble.isEmpty() ? "the session is being opened; what was cut before a restart is taken first" : trouble);
  }

  private void address(WantedStream stream, StreamFacts facts) {
    sources.address(facts);
    set(facts, StreamFacts.VIEWER, plan.viewerUrl().get() + "/" + stream.id() + "/" + ViewerOutput.INDEX);
    set(facts, StreamFacts.PUBLIC_VIEWER, plan.viewerUrl().get() + "/" + below(publicPlaylist(stream)));
  }

  private static void set(StreamFacts facts, String name, String value) {
    if (!facts.get(name).equals(Optional.of(value))) {
      facts.set(name, value);
    }
  }

  private Path publicPlaylist(WantedStream stream) {
    String name = stream.name().replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^\\.+", "");
    String path = plan.publicPath().replace("{id}", stream.id()).replace("{name}", name.isEmpty() ? stream.id() : name);
    return viewers.root().resolve(path).resolve(ViewerOutput.INDEX);
  }

  private Path viewerFolder(WantedStream stream) {
    return viewers.root().resolve(stream.id());
  }

  private Path runs(WantedStream stream) {
    return plan.runs().resolve(stream.id());
  }

  private Path archiveFolder(Session session) {
    return archives.root().resolve(ArchiveRoot.of(session.archive()).prefix()).normalize();
  }

  private LocalSession session(WantedStream stream, StreamFacts facts) throws IOException {
    LocalSession known = sessions.get(stream.id());
    if (known == null) {
      known = make(stream, stream.session().orElseThrow(), facts);
      sessions.put(stream.id(), known);
    }
    return known;
  }

  private LocalSession make(WantedStream stream, Session session, StreamFacts facts) throws IOException {
    Path folder = viewerFolder(stream);
    String names = session.startedAt().getEpochSecond() + "-";
    SegmentKeys keys = plan.encrypt() ? new SegmentKeys(Files.createDirectories(folder), "k" + names, stream.keyRotation()) : null;
    String[] next = facts.get(NEXT).orElse("0 0").split(" ");
    ViewerOutput viewer =
        new ViewerOutput(
            folder, names, plan, stream.startoverWindow(), keys, viewers,
            Long.parseLong(next[0]), Long.parseLong(next[1]));
    ArchiveOutput archive =
        new ArchiveOutput(archiveFolder(session), session, stream.segmentLength(), archives, this::seconds);
    return new LocalSession(
        new LocalSession.Parts(
            stream.id(), stream.name(), runs(stream), sources, viewer, archive, this::seconds,
            segments -> new Packager(
                () -> programs.get().ffmpeg(), orphans.environment(), runs(stream), plan.segment(), stream.segmentLength(),
                segments),
            room),
        threads, id -> wake.accept(id));
  }

  private double seconds(Path file) throws IOException {
    try {
      return new MediaProbe(programs.get()).probe(file).duration().toMillis() / 1000.0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** @return why it is not on the public live address, although it is wanted there; empty where it is */
  private String live(WantedStream stream, StreamFacts facts, LocalSession session) throws IOException {
    Path wanted = publicPlaylist(stream);
    String owner = stream.isLive() ? publicPlaces.computeIfAbsent(wanted, any -> stream.id()) : stream.id();
    if (!owner.equals(stream.id())) {
      return "the stream " + owner + " has the public address " + facts.get(StreamFacts.PUBLIC_VIEWER).orElse("")
          + "; rename one of them, or have {id} in reelway.workflow.public-path";
    }
    if (session != null) {
      session.makePublic(stream.isLive() ? wanted : null);
    }
    String now = stream.isLive() ? below(wanted) : "";
    String before = facts.get(PUBLIC).orElse("");
    if (!before.isEmpty() && !before.equals(now)) {
      takeDown(viewers.root().resolve(before));
    }
    set(facts, PUBLIC, now);
    set(facts, StreamFacts.IS_PUBLIC, Boolean.toString(stream.isLive()));
    return "";
  }

  private void takeDown(Path playlist) throws IOException {
    viewers.forget(playlist);
    deletePublic(playlist);
    viewers.remove(playlist);
    publicPlaces.remove(playlist);
  }

  /** With its folder, which is the stream's alone. */
  private static void deletePublic(Path playlist) throws IOException {
    Files.deleteIfExists(playlist);
    if (Files.isDirectory(playlist.getParent())) {
      delete(playlist.getParent());
    }
  }

  private String below(Path file) {
    return viewers.root().relativize(file).toString().replace('\\', '/');
  }

  private Reached stop(WantedStream stream, StreamFacts facts) throws IOException {
    address(stream, facts);
    if (stream.session().isPresent()) {
      Session wanted = stream.session().get();
      boolean isLeft = sessions.containsKey(stream.id()) || Files.exists(viewerFolder(stream)) || Files.exists(runs(stream))
          || Files.exists(archiveFolder(wanted));
      if (isLeft) {
        if (!orphansEnded) {
          return Reached.waiting(SOON, "processes that were left by a Reelway that was killed are ended");
        }
        LocalSession session = session(stream, facts);
        live(stream, facts, session);
        if (!session.end()) {
          String trouble = session.trouble();
          return Reached.waiting(SOON, trouble.isEmpty() ? "the last segments and the archive's playlist are being published" : trouble);
        }
        tidy(stream, wanted, facts, session);
      }
    }
    String notLive = live(stream, facts, null);
    boolean isAll = notLive.isEmpty() || stream.wanted() == Wanted.DELETED;
    return isAll ? Reached.done() : Reached.waiting(LATER, notLive);
  }

  /** All is in the store. */
  private void tidy(WantedStream stream, Session session, StreamFacts facts, LocalSession closed) throws IOException {
    set(facts, NEXT, closed.viewer().next() + " " + closed.viewer().discontinuities());
    viewers.forget(viewerFolder(stream));
    archives.forget(archiveFolder(session));
    String isAt = facts.get(PUBLIC).orElse("");
    if (!isAt.isEmpty()) {
      viewers.forget(viewers.root().resolve(isAt));
      deletePublic(viewers.root().resolve(isAt));
    }
    delete(archiveFolder(session));
    delete(runs(stream));
    // First: of this alone, a start after a kill would make a start-over playlist anew, and put it over the whole one.
    Files.deleteIfExists(viewerFolder(stream).resolve(ViewerOutput.INDEX));
    delete(viewerFolder(stream));
    sessions.remove(stream.id());
  }

  /** Segments before the playlist that names them: one without would be taken for new after a crash. */
  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted().toList();
    }
    for (Path file : all) {
      if (!Files.isDirectory(file)) {
        Files.deleteIfExists(file);
      }
    }
    for (Path left : all.stream().filter(Files::exists).sorted(Comparator.reverseOrder()).toList()) {
      Files.delete(left);
    }
  }

  private Reached delete(WantedStream stream, StreamFacts facts) throws IOException {
    Reached stopped = stop(stream, facts);
    if (!stopped.isDone()) {
      return stopped;
    }
    String isAt = facts.get(PUBLIC).orElse("");
    if (!isAt.isEmpty()) {
      takeDown(viewers.root().resolve(isAt));
    }
    viewers.remove(viewerFolder(stream));
    Stream.of(StreamFacts.IS_PUBLIC, PUBLIC, NEXT).forEach(facts::remove);
    return Reached.done();
  }

  /** Whether a started stream has the key. */
  public boolean isOpen(String key) {
    return sources.isOpen(key);
  }

  /** A media server says that such a stream has begun: it is read at once. */
  public void hasBegun() {
    sessions.values().forEach(LocalSession::wakeSources);
  }

  @Override
  public List<RunningCost> costs(Function<String, Optional<WantedStream.Wanted>> wanted) {
    return sessions.entrySet().stream()
        .map(each -> new RunningCost(each.getKey(), each.getValue().isOn() ? "ffmpeg, packaging" : "waits for a publisher", true))
        .toList();
  }

  @Override
  public void close() {
    threads.shutdown();
    sessions.values().forEach(LocalSession::suspend);
    sources.close();
    threads.shutdownNow();
    watcher.shutdownNow();
    closed.run();
  }
}
