package org.reelway.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.reelway.config.LiveKeep;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import org.reelway.failure.InputFailure;
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
  private static final int MOST_SHOWN = 5;

  private final Path path;
  private final PlaylistFile file;
  private final String relative;
  private final LiveWorks works;
  private final References references;
  private final PlaylistNames names;
  private final SerialWork work;
  private final LiveTimeline timeline = new LiveTimeline();
  private Edition edition;
  private LiveArchive archive;
  private boolean loaded;
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
  private volatile String key;
  private volatile boolean asked;
  private volatile boolean master;
  private volatile Published published;
  private volatile Set<String> publishedKeys = Set.of();
  private volatile State state = State.NEW;
  private volatile String trouble = "";
  private volatile Instant publishedAt;
  private volatile Instant behindSince;
  private volatile List<String> awaited = List.of();
  private volatile int gaps;

  /** What is said of it. */
  enum State {
    NEW,
    WAITING,
    LIVE,
    ENDED,
    REFUSED,
    FAILING,
    GONE
  }

  /** @param relative path below the live folder */
  LivePlaylist(Path path, PlaylistKind kind, References references, String relative, LiveWorks works) {
    this.path = path;
    this.file = new PlaylistFile(path, bytes -> this.kind.isWhole(bytes));
    this.kind = kind;
    this.references = references;
    this.relative = relative;
    this.works = works;
    this.names = new PlaylistNames(path, references, works, this);
    this.work = new SerialWork(works.playlistThreads(), this::round);
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
    if (state == State.GONE ? Files.exists(path) : file.isChanged()) {
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

  private void round() {
    try {
      Edition last = edition;
      boolean overdue = behindSince != null && !works.now().isBefore(triedAt.plus(AWAIT));
      boolean due = asked || failures > 0 || overdue;
      asked = false;
      boolean anew = look();
      boolean more = !anew && edition != null && goneSince == null && grow();
      if (edition != null && (anew || more || due || !loaded)) {
        unwanted |= anew;
        load();
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
      happened(LiveEvent.Kind.REFUSED, key == null ? "" : key, failure.getMessage(), Duration.ZERO);
    }
    refused = failure.getMessage();
    trouble = refused;
    state = State.REFUSED;
  }

  private void fail(Exception failure, boolean ours) {
    failures++;
    if (ours && failures == 1) {
      LOG.error("{} could not be published and is tried again: {}", path, failure.toString(), failure);
    }
    trouble = String.valueOf(failure.getMessage());
    state = State.FAILING;
    behindSince = behindSince == null ? works.now() : behindSince;
    triedAt = works.now();
    happened(LiveEvent.Kind.RETRY, key == null ? "" : key, trouble, Duration.ZERO);
  }

  private void follow(Edition last) {
    Edition moved = edition.following(last, published, names);
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
      loaded = false;
      archive = null;
      published = null;
      file.readAgain();
    }
    Optional<byte[]> bytes;
    try {
      bytes = file.next(works.now());
    } catch (NoSuchFileException gone) {
      goneSince = goneSince == null ? works.now() : goneSince;
      state = behindSince == null ? State.GONE : state;
      return false;
    }
    if (goneSince != null) {
      goneSince = null;
      state = State.WAITING;
    }
    if (file.isTorn()) {
      wakeAt = works.now().plus(TORN);
    }
    if (bytes.isEmpty()) {
      return false;
    }
    key = references.key(path);
    Edition next = kind.read(bytes.get()).asOf(names);
    names.resolve(next);
    next.kinds().forEach((uri, of) -> names.file(uri).ifPresent(named -> works.declared(named, of, this)));
    edition = next;
    grownAt = null;
    master = next.names().stream().anyMatch(Named::playlist);
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
    grownAt = works.now();
    return true;
  }

  private void load() {
    if (loaded) {
      return;
    }
    Optional<LiveStores.Found> found = works.stores().playlist(key);
    if (found.isPresent()) {
      try {
        published(kind.readPublished(found.get().bytes(), found.get().memo()));
        names.publishedBefore(publishedKeys);
      } catch (InputFailure e) {
        LOG.warn("{} holds no playlist of ours and is written over: {}", works.stores().address(key), e.getMessage());
      }
    }
    loaded = true;
    works.removal().adopt(key);
  }

  private void publish() {
    triedAt = works.now();
    names.giveUpLost();
    Optional<Published> next = edition.after(published, names);
    awaited =
        edition.names().stream().filter(name -> names.of(name) == Presence.State.AWAITED).map(Named::uri).toList();
    if (next.isPresent() && !isPublished(next.get())) {
      put(next.get());
    }
    if (hasEnded() && works.target().keep() == LiveKeep.ALL) {
      archive().end(published, works.now());
    }
    boolean behind = next.isEmpty() && published == null || !awaited.isEmpty() || edition.ended() && !hasEnded();
    behindSince = behind ? behindSince == null ? works.now() : behindSince : null;
    boolean ended = state == State.ENDED;
    state = stateNow();
    trouble = refused == null ? "" : refused;
    if (!ended && state == State.ENDED) {
      works.firstPublished(path);
    }
  }

  private void put(Published next) {
    if (published != null && works.target().keep() == LiveKeep.ALL) {
      archive().keep(published, next, works.now());
    }
    works.stores().putPlaylist(key, next, works.now());
    tell(next, Duration.between(file.modified(), works.now()));
    published(next);
    publishedAt = works.now();
  }

  private LiveArchive archive() {
    if (archive == null) {
      archive = new LiveArchive(works.stores(), kind, key);
    }
    return archive;
  }

  private State stateNow() {
    if (refused != null) {
      return State.REFUSED;
    }
    if (goneSince != null && behindSince == null) {
      return State.GONE;
    }
    return hasEnded() ? State.ENDED : published == null ? State.WAITING : State.LIVE;
  }

  private boolean hasEnded() {
    return published != null && published.ended();
  }

  private boolean isPublished(Published version) {
    return published != null
        && Arrays.equals(published.bytes(), version.bytes())
        && published.memo().equals(version.memo())
        && published.ended() == version.ended();
  }

  private void published(Published version) {
    boolean first = published == null;
    published = version;
    gaps = edition.gaps(version);
    Set<String> before = publishedKeys;
    publishedKeys = names.keys(version);
    works.removal().unnamed(before, publishedKeys);
    if (first) {
      works.firstPublished(path);
    }
  }

  private void tell(Published version, Duration lag) {
    if (published == null) {
      LOG.info("live {} is published as {}", relative, works.stores().address(key));
    } else if (!version.memo().equals(published.memo())) {
      happened(LiveEvent.Kind.RESTART, key, "the encoder began anew; goes on as " + version.inWords(), Duration.ZERO);
    }
    happened(LiveEvent.Kind.PLAYLIST, key, version.inWords(), lag.isNegative() ? Duration.ZERO : lag);
    if (version.ended() && !hasEnded()) {
      LOG.info("live {} has ended", relative);
      happened(LiveEvent.Kind.ENDED, key, version.inWords(), Duration.ZERO);
    }
  }

  /** When to look again although nobody asks. */
  private void wakeLater() {
    Instant now = works.now();
    Instant next = wakeAt;
    wakeAt = null;
    if (state == State.FAILING) {
      next = now.plus(works.target().backoff().after(failures));
    } else if (next == null && isActive(now)) {
      next = now.plus(POLL);
    } else if (next == null && goneSince != null) {
      next = goneSince.plus(works.target().removeAfter());
      if (!now.isBefore(next)) {
        works.forget(this);
        return;
      }
    }
    if (wake != null) {
      wake.cancel(false);
    }
    if (next != null) {
      long millis = Math.max(1, Duration.between(now, next).toMillis());
      try {
        wake = works.timer().schedule(this::pokeToLook, millis, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException closing) {
        LOG.debug("{} is looked at no more", path);
      }
    }
  }

  /** A playlist that is written where it lies makes no event. */
  private boolean isActive(Instant now) {
    Instant changed = file.changedAt();
    Instant moved = grownAt == null ? changed : grownAt;
    boolean recent = moved != null && now.isBefore(moved.plus(QUIET));
    return behindSince != null || recent && state != State.ENDED && goneSince == null;
  }

  void happened(LiveEvent.Kind what, String about, String text, Duration delay) {
    LiveEvent event = new LiveEvent(what, relative, about, text, delay, works.now());
    timeline.add(event);
    works.listener().happened(event);
  }

  boolean isPublished() {
    return published != null;
  }

  /** Whether what is in the store is its last version, its complete playlist included. */
  boolean isEnded() {
    return state == State.ENDED;
  }

  /** Whether it waits for playlists. */
  boolean isMaster() {
    return master;
  }

  Set<String> publishedKeys() {
    return publishedKeys;
  }

  Path path() {
    return path;
  }

  State state() {
    return state;
  }

  LiveStatus status() {
    Published now = published;
    List<String> waiting = awaited;
    return new LiveStatus(
        relative, kind.word(), key == null ? "" : works.stores().address(key), state.name().toLowerCase(Locale.ROOT),
        now == null ? "" : now.inWords(), publishedAt, behindSince,
        waiting.subList(0, Math.min(MOST_SHOWN, waiting.size())), waiting.size(), gaps, trouble, timeline.all());
  }

  /** Its chunks are nobody's any more; what it names in the store stays. */
  void release() {
    names.release();
  }
}
