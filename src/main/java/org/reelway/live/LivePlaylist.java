package org.reelway.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import org.reelway.failure.InputFailure;
import org.reelway.failure.LogSubject;
import org.reelway.live.PlaylistReport.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One playlist on its way: read when it changed, what it names is sent, and the newest version that is true is
 * published. All work is done by one thread at a time; other playlists do not wait for it.
 */
final class LivePlaylist {
  private static final Logger LOG = LoggerFactory.getLogger(LivePlaylist.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration TORN = Duration.ofMillis(50);
  private static final Duration QUIET = Duration.ofSeconds(30);
  private static final Duration AWAIT = Duration.ofMillis(500);

  private final Path path;
  private final PlaylistFile file;
  private final LivePublisher publisher;
  private final References references;
  private final PlaylistNames names;
  private final PlaylistReport report;
  private volatile PlaylistPublishing publishing;
  private final SerialWork work;
  private Edition edition;
  /** What the edition names has yet to be sent for. */
  private boolean unwanted;
  private String refused;
  private int failures;
  private Instant goneSince;
  private Instant triedAt;
  private Instant wakeAt;
  private Instant grownAt;
  private ScheduledFuture<?> wake;
  private volatile PlaylistKind kind;
  private volatile boolean becoming;
  private volatile boolean asked;
  private volatile boolean askedAnew;
  private volatile boolean master;
  private volatile boolean over;

  /** @param relative path below the live folder */
  LivePlaylist(Path path, PlaylistKind kind, References references, String relative, LivePublisher publisher) {
    this.path = path;
    this.file = new PlaylistFile(path, bytes -> this.kind.isWhole(bytes));
    this.kind = kind;
    this.references = references;
    this.publisher = publisher;
    this.report = new PlaylistReport(relative, publisher);
    this.names = new PlaylistNames(path, references, publisher, this);
    this.publishing = new PlaylistPublishing(path, kind, publisher, names, report, this::wentWell);
    this.work = new SerialWork(
        publisher.playlistThreads(), () -> LogSubject.of(LogSubject.PLAYLIST, path.toString()).during(this::round));
  }

  /** What it waits for may be there. */
  void poke() {
    asked = true;
    work.ask();
  }

  /** Its file may have changed. */
  void pokeToLook() {
    work.ask();
  }

  /** As {@link #pokeToLook}, where the file is another one than was read. */
  void pokeIfChanged() {
    if (report.state() == State.GONE ? Files.exists(path) : file.isChanged()) {
      pokeToLook();
    }
  }

  /** What was told of it was a guess, or is another thing now. */
  void become(PlaylistKind other) {
    if (!other.equals(kind)) {
      kind = other;
      becoming = true;
      work.ask();
    }
  }

  /** Reads the file and what the store has once more, whatever is known of them. */
  void lookAnew() {
    askedAnew = true;
    poke();
  }

  private void round() {
    if (over) {
      return;
    }
    try {
      if (askedAnew) {
        askedAnew = false;
        file.readAgain();
        publishing.forget();
      }
      Edition last = edition;
      boolean overdue = report.isBehind() && !publisher.now().isBefore(triedAt.plus(AWAIT));
      boolean due = asked || failures > 0 || overdue;
      asked = false;
      boolean anew = look();
      boolean more = !anew && edition != null && goneSince == null && grow();
      if (edition != null && (anew || more || due || !publishing.isLoaded())) {
        unwanted |= anew;
        publishing.load(edition);
        follow(last);
        if (unwanted || more) {
          names.want(edition, unwanted);
          unwanted = false;
        }
        publish();
        failures = 0;
      }
    } catch (InputFailure e) {
      refuse(e);
    } catch (Failure e) {
      fail(e, e.failureClass() == FailureClass.OURS);
    } catch (IOException | RuntimeException e) {
      fail(e, true);
    }
    wakeLater();
  }

  private void refuse(InputFailure failure) {
    if (!failure.getMessage().equals(refused)) {
      LOG.warn("{} is not published: {}", path, failure.getMessage());
      happened(LiveEvent.Kind.REFUSED, key(), failure.getMessage(), Duration.ZERO);
    }
    refused = failure.getMessage();
    report.trouble(refused);
    report.state(State.REFUSED);
  }

  private void fail(Exception failure, boolean ours) {
    failures++;
    if (ours && failures == 1) {
      LOG.error("{} could not be published and is tried again: {}", path, failure.toString(), failure);
    }
    String trouble = String.valueOf(failure.getMessage());
    report.trouble(trouble);
    report.state(State.FAILING);
    report.behind(true);
    triedAt = publisher.now();
    if (!ours) {
      triedInVain(key(), trouble);
    }
  }

  private void follow(Edition last) {
    Edition moved = edition.following(last, publishing.published(), names);
    if (moved != edition) {
      names.resolve(moved);
      edition = moved;
      unwanted = true;
    }
  }

  /** @return whether there is a new edition */
  private boolean look() throws IOException {
    if (becoming) {
      becoming = false;
      publishing = new PlaylistPublishing(path, kind, publisher, names, report, this::wentWell);
      file.readAgain();
    }
    Optional<byte[]> bytes;
    try {
      bytes = file.next(publisher.now());
    } catch (NoSuchFileException gone) {
      goneSince = goneSince == null ? publisher.now() : goneSince;
      report.state(report.isBehind() ? report.state() : State.GONE);
      return false;
    }
    if (goneSince != null) {
      goneSince = null;
      report.state(State.WAITING);
    }
    if (file.isTorn()) {
      wakeAt = publisher.now().plus(TORN);
    }
    if (bytes.isEmpty()) {
      return false;
    }
    report.key(references.key(path));
    Edition next = kind.read(bytes.get()).asOf(names);
    names.resolve(next);
    next.kinds().forEach((uri, of) -> names.file(uri).ifPresent(named -> publisher.declared(named, of, this)));
    edition = next;
    grownAt = null;
    master = next.names().stream().anyMatch(NamedFile::playlist);
    refused = null;
    return true;
  }

  /** @return whether what the edition names by the clock has become more */
  private boolean grow() {
    Edition next = edition.asOf(names);
    if (next == edition) {
      return false;
    }
    names.resolve(next);
    edition = next;
    grownAt = publisher.now();
    return true;
  }

  private void publish() {
    triedAt = publisher.now();
    publishing.publish(edition, file.modified());
    report.behind(!isPublished() || report.isAwaiting() || edition.ended() && !publishing.hasEnded());
    boolean ended = isEnded();
    report.state(stateNow());
    report.trouble(refused == null ? names.trouble() : refused);
    if (!ended && isEnded()) {
      publisher.firstPublished(path);
    }
  }

  private State stateNow() {
    if (refused != null) {
      return State.REFUSED;
    }
    if (goneSince != null && !report.isBehind()) {
      return State.GONE;
    }
    return publishing.hasEnded() ? State.ENDED : isPublished() ? State.LIVE : State.WAITING;
  }

  /** When to look again although nobody asks. */
  private void wakeLater() {
    Instant now = publisher.now();
    Instant next = wakeAt;
    wakeAt = null;
    if (report.state() == State.FAILING) {
      next = now.plus(publisher.target().backoff().after(failures));
    } else if (next == null && isActive(now)) {
      next = now.plus(POLL);
    } else if (next == null && goneSince != null) {
      next = goneSince.plus(publisher.target().removeAfter());
      if (!now.isBefore(next)) {
        publisher.forget(this);
        return;
      }
    }
    if (wake != null) {
      wake.cancel(false);
    }
    if (next != null) {
      long millis = Math.max(1, Duration.between(now, next).toMillis());
      try {
        wake = publisher.timer().schedule(this::pokeToLook, millis, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException stopping) {
        LOG.debug("{} is not looked at any more", path);
      }
    }
  }

  /** A playlist that is written where it lies makes no event. */
  private boolean isActive(Instant now) {
    Instant changed = file.changedAt();
    Instant moved = grownAt == null ? changed : grownAt;
    boolean recent = moved != null && now.isBefore(moved.plus(QUIET));
    boolean over = report.state() == State.ENDED || goneSince != null;
    return report.isBehind() || recent && !over;
  }

  /**
   * Returns when nobody works on it, and nobody asked for it.
   *
   * @param end by {@link System#nanoTime}
   */
  void awaitIdle(long end) throws InterruptedException {
    work.awaitIdle(end);
  }

  /** The store did not take something of it; that is tried again. */
  void triedInVain(String about, String why) {
    happened(LiveEvent.Kind.RETRY, about, why, Duration.ZERO);
    publisher.outage().failed(this, why, publisher.now());
  }

  /** The store took something of it. */
  void wentWell() {
    publisher.outage().over(this, publisher.now());
  }

  void happened(LiveEvent.Kind what, String about, String text, Duration delay) {
    report.happened(what, about, text, delay);
  }

  boolean isPublished() {
    return publishing.published() != null;
  }

  /** Whether what is in the store is its last version, its complete playlist included. */
  boolean isEnded() {
    return report.state() == State.ENDED;
  }

  /** As {@link LivePublisher#completeMark}. */
  Optional<String> completeMark() {
    return Optional.ofNullable(publishing.completeMark());
  }

  /** Whether it waits for playlists. */
  boolean isMaster() {
    return master;
  }

  Set<String> publishedKeys() {
    return publishing.publishedKeys();
  }

  /** The ETag of what names those, where nothing else need be known of it. */
  Optional<String> publishedEtag() {
    boolean tellsOfOthers = Optional.ofNullable(publishing.published()).filter(is -> !is.kinds().isEmpty()).isPresent();
    return tellsOfOthers ? Optional.empty() : Optional.ofNullable(publishing.publishedEtag());
  }

  /** Of its object; empty before it was read. */
  String key() {
    return report.key() == null ? "" : report.key();
  }

  Path path() {
    return path;
  }

  State state() {
    return report.state();
  }

  LiveStatus status() {
    return report.status(kind.word(), publishing.published());
  }

  /** Nothing of it is put from now on, once it is idle. */
  void end() {
    over = true;
  }

  /** Its chunks are nobody's any more; what it names in the store stays. */
  void release() {
    names.release();
  }
}
