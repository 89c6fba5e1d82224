package org.reelway.recording;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.reelway.failure.DaemonThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shortens the time between a new file and its transfer by file system events. They are only a hint: whatever they miss,
 * the next look finds. So that nobody relies on events that do not come, they are tried at start, again and again, and
 * held against what looks find; where they cannot be relied on, the folder is looked at more often as far as that is
 * cheap.
 */
public final class FolderWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);
  private static final WatchMode UNDECIDED = WatchMode.polling("events are being tried");
  private static final int MOST_AT_ONCE = 1000;
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

  private final FolderContent intake;
  private final FolderEvents.Source source;
  private final Pace pace;
  private final Clock clock = new SteadyClock();
  private final SelfTest selfTest;
  private final LookBudget budget;
  private final MissedEvents missed = new MissedEvents();
  private final AtomicLong overflows = new AtomicLong();
  private final Thread thread;
  private volatile FolderEvents events;
  private Registrations registrations;
  private String noEvents = "";
  private Instant nextTest = Instant.MIN;
  private Instant notBefore = Instant.MIN;
  private boolean lookSoon;
  private boolean moreSoon;
  private Object tested;
  private List<FolderScan.Subfolder> followed;
  private volatile Seen seen;
  private volatile WatchMode mode = UNDECIDED;
  private volatile Instant modeSince = Instant.now();
  private volatile int watched;
  private volatile boolean closed;

  /**
   * @param testEvery time between two tests of the events
   * @param eventWithin time in which an event must come
   * @param pollEvery time between two looks while events are not relied on; longer where that is beyond the budget
   * @param share of the time that such looks may take, see {@link LookBudget}
   */
  record Pace(Duration testEvery, Duration eventWithin, Duration pollEvery, int share) {
    static final Pace USUAL = new Pace(Duration.ofMinutes(10), Duration.ofSeconds(1), Duration.ofSeconds(1), 200);
  }

  /** What the last look saw. */
  private record Seen(List<FolderScan.Subfolder> folders, long look) {}

  FolderWatch(FolderContent intake, FolderEvents.Source source, Pace pace) {
    this.intake = intake;
    this.source = source;
    this.pace = pace;
    this.selfTest = new SelfTest(pace.eventWithin());
    this.budget = new LookBudget(pace.share());
    this.thread = DaemonThreads.of("watch-" + intake.folder().root().getFileName(), this::run);
  }

  /** Looks at the folder, then watches it. Never fails: without events, files are found by looks. */
  public static FolderWatch start(FolderContent intake) {
    return start(intake, FolderEvents::ofSystem, Pace.USUAL);
  }

  static FolderWatch start(FolderContent intake, FolderEvents.Source source, Pace pace) {
    FolderWatch watch = new FolderWatch(intake, source, pace);
    intake.observe(watch::looked);
    intake.rescan();
    watch.thread.start();
    return watch;
  }

  /** On the thread of whoever looked. */
  private void looked(List<FolderScan.Subfolder> folders, List<Path> unannounced) {
    long look = intake.log().looks();
    seen = new Seen(folders, look);
    missed.found(unannounced, look, clock.instant());
  }

  private void run() {
    try {
      while (!closed) {
        Seen now = seen;
        if (!now.folders().equals(followed)) {
          follow(now);
        }
        listen();
        moreSoon = intake.catchUp();
        // No event tells of a folder that is moved away as a whole, or of a mount on it.
        lookSoon |= !Objects.equals(rootNow(), root(now));
        test(now);
        decide(now);
        lookIfDue();
      }
    } catch (ClosedWatchServiceException | InterruptedException stopping) {
      LOG.debug("no more events of {}", intake.folder());
    } finally {
      selfTest.abandon();
    }
  }

  private void follow(Seen now) {
    if (events == null && !open()) {
      return;
    }
    followed = now.folders();
    // What was put in before it was watched made no event.
    lookSoon |= registrations.follow(now.folders(), now.look());
    watched = registrations.watched();
    if (registrations.metGone()) {
      // It may be there again, and under the same number.
      followed = null;
      lookSoon = true;
    }
    Object root = root(now);
    if (!Objects.equals(root, tested)) {
      tested = root;
      nextTest = clock.instant();
    }
  }

  /** Which folder the last look saw; null for none. */
  private static Object root(Seen now) {
    return now.folders().isEmpty() ? null : now.folders().get(0).identity();
  }

  /** Which folder is there; null for none. */
  private Object rootNow() {
    try {
      return intake.folder().trouble().isEmpty() ? FolderStamp.of(intake.folder().root()).identity() : null;
    } catch (IOException gone) {
      return null;
    }
  }

  private boolean open() {
    try {
      events = source.open();
      registrations = new Registrations(events);
      noEvents = "";
      return true;
    } catch (IOException e) {
      noEvents = "the system gives no events (" + e.getMessage() + "); raise fs.inotify.max_user_instances";
      return false;
    }
  }

  private void listen() throws InterruptedException {
    if (events == null) {
      Thread.sleep(pause().toMillis());
      return;
    }
    WatchKey key = events.next(pause());
    // Not for ever: in a storm, looks and tests have to go on.
    for (int keys = 0; key != null && keys < MOST_AT_ONCE; key = events.next(Duration.ZERO), keys++) {
      Path folder = registrations.folder(key);
      for (WatchEvent<?> event : key.pollEvents()) {
        if (folder != null) {
          handle(folder, event);
        }
      }
      if (!key.reset() && folder != null) {
        // Deleted or unmounted. One that is made anew may have the same inode, and is not watched by the old key.
        intake.renew(folder);
        followed = null;
        lookSoon = true;
      }
    }
  }

  private Duration pause() {
    if (lookSoon || moreSoon || selfTest.isRunning()) {
      return Duration.ofMillis(50);
    }
    return pace.pollEvery().compareTo(LONGEST_SLEEP) < 0 ? pace.pollEvery() : LONGEST_SLEEP;
  }

  private void handle(Path folder, WatchEvent<?> event) {
    if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
      overflows.incrementAndGet();
      missed.overflow(intake.log().looks());
      lookSoon = true;
      return;
    }
    Path path = folder.resolve((Path) event.context());
    selfTest.arrived(path);
    try {
      FolderContent.Hint hint = intake.hint(path);
      if (hint != FolderContent.Hint.OTHER) {
        missed.announced(path, hint == FolderContent.Hint.NEW_MARKER);
      } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        // What is in it already made no event.
        intake.renew(path);
        lookSoon = true;
      }
    } catch (RuntimeException e) {
      LOG.debug("an event of {} was not used: {}", path, e.toString());
      lookSoon = true;
    }
  }

  private void test(Seen now) {
    Instant time = clock.instant();
    selfTest.check(time);
    if (events != null && !now.folders().isEmpty() && !selfTest.isRunning() && !time.isBefore(nextTest)) {
      nextTest = time.plus(pace.testEvery());
      selfTest.begin(now.folders(), time);
      if (registrations.failed() > 0) {
        registrations.follow(now.folders(), now.look());
        watched = registrations.watched();
      }
    }
    missed.judge(registrations, time);
  }

  private void decide(Seen now) {
    String reason = reason(now);
    if (reason == null) {
      return;
    }
    WatchMode next;
    if (now.folders().isEmpty()) {
      next = WatchMode.missing(reason);
    } else {
      next = reason.isEmpty() ? WatchMode.events() : WatchMode.polling(reason);
    }
    if (!next.equals(mode)) {
      say(next);
      modeSince = Instant.now();
      mode = next;
    }
  }

  /** Null while a test is under way. */
  private String reason(Seen now) {
    if (now.folders().isEmpty()) {
      return intake.folder().trouble().orElse("the folder was not there at the last look");
    }
    if (!noEvents.isEmpty()) {
      return noEvents;
    }
    if (registrations.failed() > 0) {
      return registrations.failed() + " of its " + now.folders().size() + " folders cannot be watched ("
          + registrations.trouble() + "); raise fs.inotify.max_user_watches";
    }
    if (selfTest.verdict() == null || !selfTest.verdict().isEmpty()) {
      return selfTest.verdict();
    }
    return missed.reason();
  }

  private void say(WatchMode next) {
    switch (next.kind()) {
      case MISSING -> LOG.warn("{} is {}; it is waited for, and what is in it is sent then", intake.folder(), next);
      case POLLING -> LOG.info("{} is watched by {}", intake.folder(), next);
      case EVENTS -> LOG.info("{} is watched by events", intake.folder());
    }
  }

  private void lookIfDue() {
    Instant now = clock.instant();
    Duration took = intake.log().lastQuickTook();
    boolean polling = mode.kind() != WatchMode.Kind.EVENTS;
    boolean pollDue = polling && !now.isBefore(notBefore.plus(pace.pollEvery())) && budget.allows(now);
    // A storm of new folders must not be answered by a storm of looks.
    boolean hintDue = lookSoon && !now.isBefore(notBefore.plus(took.multipliedBy(10)));
    if (pollDue || hintDue) {
      lookSoon = false;
      try {
        intake.rescan();
      } catch (RuntimeException e) {
        LOG.error("{} could not be looked at: {}", intake.folder(), e.toString(), e);
      }
      notBefore = clock.instant();
      budget.spend(intake.log().lastQuickTook());
    }
  }

  /** How the folder is watched, once events were tried, or after this time. */
  public WatchMode awaitMode(Duration longest) throws InterruptedException {
    long deadline = System.nanoTime() + longest.toNanos();
    while (mode == UNDECIDED && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    return mode;
  }

  /** How the folder is watched, and what looks found. */
  public FolderStatus status() {
    LookLog log = intake.log();
    return new FolderStatus(
        intake.folder().root(),
        mode,
        modeSince,
        log.subfolders(),
        watched,
        log.marked(),
        log.unmarked(),
        intake.heldBack(),
        log.looks(),
        log.last(),
        log.lastTook(),
        log.lastFull(),
        log.lastFullTook(),
        overflows.get());
  }

  @Override
  public void close() {
    closed = true;
    try {
      FolderEvents open = events;
      if (open == null) {
        thread.interrupt();
      } else {
        open.close();
      }
      thread.join(Duration.ofSeconds(5).toMillis());
    } catch (IOException e) {
      LOG.debug("{}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
