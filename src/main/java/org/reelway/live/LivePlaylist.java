package org.reelway.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import org.reelway.failure.InputFailure;
import org.reelway.recording.FileIdentity;
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
  private static final Duration TORN_AT_MOST = Duration.ofSeconds(1);
  private static final Duration QUIET = Duration.ofSeconds(30);
  private static final int FEW_NAMES = 100;
  private static final int MOST_EVENTS = 50;
  private static final int MOST_SHOWN = 5;

  private final Path path;
  private final String relative;
  private final PlaylistKind kind;
  private final LiveWorks works;
  private final References references;
  private final SerialWork work;
  private final Deque<LiveEvent> events = new ArrayDeque<>();
  private final Map<String, Target> targets = new HashMap<>();
  private final Map<String, Instant> playlistsAwaitedSince = new HashMap<>();
  private final Presence presence = new Names();
  private volatile String key;
  private FileIdentity read;
  private Instant changedAt;
  private Edition edition;
  private Map<Path, Chunk> chunks = new HashMap<>();
  private Set<Named> known = Set.of();
  private boolean loaded;
  private volatile Published published;
  private volatile Set<String> publishedKeys = Set.of();
  private volatile State state = State.NEW;
  private volatile String trouble = "";
  private volatile Instant publishedAt;
  private volatile Instant behindSince;
  private volatile List<String> awaited = List.of();
  private volatile int gaps;
  private int failures;
  private Instant goneSince;
  private Instant wakeAt;
  private ScheduledFuture<?> wake;
  private volatile boolean asked;
  private volatile boolean master;
  private String refused;

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

  LivePlaylist(Path path, PlaylistKind kind, References references, String relative, LiveWorks works) {
    this.path = path;
    this.kind = kind;
    this.references = references;
    this.relative = relative;
    this.works = works;
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
    try {
      if (!FileIdentity.of(path).equals(read)) {
        pokeToLook();
      }
    } catch (IOException gone) {
      if (goneSince == null) {
        pokeToLook();
      }
    }
  }

  private void round() {
    try {
      boolean due = asked || failures > 0 || behindSince != null;
      asked = false;
      boolean anew = look();
      if (edition != null && (anew || due)) {
        load();
        if (anew) {
          want();
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
    if (!failure.getMessage().equals(trouble)) {
      LOG.warn("{} is not published: {}", path, failure.getMessage());
      happened(LiveEvent.Kind.REFUSED, key == null ? "" : key, failure.getMessage(), Duration.ZERO);
    }
    trouble = failure.getMessage();
    refused = trouble;
    state = State.REFUSED;
  }

  private void fail(Exception failure, boolean ours) {
    failures++;
    if (ours && failures == 1) {
      LOG.error("{} could not be published and is tried again: {}", path, failure.toString(), failure);
    }
    trouble = String.valueOf(failure.getMessage());
    state = State.FAILING;
    happened(LiveEvent.Kind.RETRY, key, trouble, Duration.ZERO);
  }

  /** @return whether there is a new edition */
  private boolean look() throws IOException {
    FileIdentity now;
    try {
      now = FileIdentity.of(path);
    } catch (NoSuchFileException gone) {
      goneSince = goneSince == null ? works.now() : goneSince;
      if (behindSince == null) {
        state = State.GONE;
      }
      return false;
    }
    if (goneSince != null) {
      goneSince = null;
      state = State.WAITING;
    }
    if (now.equals(read)) {
      return false;
    }
    byte[] bytes = Files.readAllBytes(path);
    Duration age = Duration.between(Instant.ofEpochSecond(0, now.modifiedNanos()), works.now());
    boolean settled = age.compareTo(TORN_AT_MOST) > 0 || age.isNegative();
    boolean whole = bytes.length > 0 && bytes[bytes.length - 1] == '\n';
    if (!FileIdentity.of(path).equals(now) || bytes.length != now.size() || !whole && !settled) {
      // It is being written where it lies; its end comes in a moment.
      wakeAt = works.now().plus(TORN);
      return false;
    }
    read = now;
    changedAt = works.now();
    if (bytes.length == 0) {
      return false;
    }
    key = references.key(path);
    Edition next = kind.read(bytes);
    resolve(next);
    edition = next;
    master = next.names().stream().anyMatch(Named::playlist);
    refused = null;
    return true;
  }

  /** @throws InputFailure when one of the names leads out of the live folder */
  private void resolve(Edition next) {
    Set<String> uris = new HashSet<>();
    for (Named named : next.names()) {
      uris.add(named.uri());
      targets.computeIfAbsent(named.uri(), uri -> references.resolve(path, uri));
    }
    if (targets.size() > 2 * uris.size() + FEW_NAMES) {
      targets.keySet().retainAll(uris);
    }
  }

  private void load() {
    if (loaded) {
      return;
    }
    Optional<LiveStores.Found> found = works.stores().playlist(key);
    if (found.isPresent()) {
      try {
        published(kind.readPublished(found.get().bytes(), found.get().memo()));
      } catch (InputFailure e) {
        LOG.warn("{} holds no playlist of ours and is written over: {}", works.stores().address(key), e.getMessage());
      }
    }
    loaded = true;
    works.removal().adopt(key, this);
  }

  private void want() throws IOException {
    List<Named> names = edition.names();
    Map<Path, Chunk> wanted = new HashMap<>();
    boolean few = names.size() <= FEW_NAMES;
    for (Named named : names) {
      if (!named.playlist() && targets.get(named.uri()) instanceof Target.File target) {
        Chunk chunk = works.chunks().of(target.file(), target.key(), this);
        wanted.put(target.file(), chunk);
        if (few || !known.contains(named)) {
          renewIfReplaced(chunk);
        }
        works.chunks().want(chunk, named, this);
      }
    }
    known = few ? Set.of() : new HashSet<>(names);
    Map<Path, Chunk> before = chunks;
    chunks = wanted;
    before.forEach(
        (file, chunk) -> {
          if (!wanted.containsKey(file) && works.chunks().release(chunk, this)) {
            happened(LiveEvent.Kind.SHED, chunk.key(), "not sent: no playlist names it any more", Duration.ZERO);
          }
        });
  }

  private void renewIfReplaced(Chunk chunk) throws IOException {
    try {
      if (chunk.isReplacedBy(FileIdentity.of(chunk.file()))) {
        chunk.replaced(works.now());
      }
    } catch (NoSuchFileException removed) {
      // What is in the store stays true.
    }
  }

  private void publish() {
    giveUpLost();
    Optional<Published> next = edition.after(published, presence);
    awaited = edition.names().stream().filter(name -> presence.of(name) == Presence.State.AWAITED)
        .map(Named::uri).toList();
    boolean newer = next.isPresent() && !isPublished(next.get());
    if (newer) {
      Duration lag = Duration.between(Instant.ofEpochSecond(0, read.modifiedNanos()), works.now());
      works.stores().putPlaylist(key, next.get(), works.now());
      tell(next.get(), lag);
      published(next.get());
      publishedAt = works.now();
    }
    boolean behind = next.isEmpty() && published == null || !awaited.isEmpty() || edition.ended() && !hasEnded();
    behindSince = behind ? behindSince == null ? works.now() : behindSince : null;
    state = stateNow();
    trouble = refused == null ? "" : refused;
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
        && published.memo().equals(version.memo());
  }

  private void published(Published version) {
    boolean first = published == null;
    published = version;
    gaps = edition == null ? 0 : edition.gaps(version);
    Set<String> keys = new HashSet<>();
    for (Named named : version.names()) {
      if (!named.playlist() && references.resolve(path, named.uri()) instanceof Target.File target) {
        keys.add(target.key());
      }
    }
    Set<String> before = publishedKeys;
    publishedKeys = keys;
    works.removal().unnamed(before, keys);
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

  private void giveUpLost() {
    Instant latest =
        chunks.values().stream().map(Chunk::storedAt).filter(at -> at != null).max(Instant::compareTo).orElse(null);
    for (Chunk chunk : chunks.values()) {
      if (!chunk.isLost() && chunk.isOverdue(works.now(), works.target().gapAfter(), latest)) {
        chunk.lose();
        LOG.warn("{} is lost ({}); it is declared a gap in {}", chunk.file(), chunk.trouble(), relative);
        happened(LiveEvent.Kind.GAP, chunk.key(), chunk.trouble(), Duration.ZERO);
      }
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
    } else if (next == null && goneSince != null && !now.isBefore(goneSince.plus(works.target().removeAfter()))) {
      works.forget(this);
    } else if (next == null && goneSince != null) {
      next = goneSince.plus(works.target().removeAfter());
    }
    if (wake != null) {
      wake.cancel(false);
    }
    if (next != null) {
      wake = works.timer().schedule(this::pokeToLook, Math.max(1, Duration.between(now, next).toMillis()), TimeUnit.MILLISECONDS);
    }
  }

  /** A playlist that is written where it lies makes no event. */
  private boolean isActive(Instant now) {
    boolean recent = changedAt != null && now.isBefore(changedAt.plus(QUIET));
    return behindSince != null || recent && state != State.ENDED && goneSince == null;
  }

  void happened(LiveEvent.Kind what, String about, String text, Duration delay) {
    LiveEvent event = new LiveEvent(what, relative, about, text, delay, works.now());
    if (what != LiveEvent.Kind.CHUNK) {
      synchronized (events) {
        events.addLast(event);
        if (events.size() > MOST_EVENTS) {
          events.removeFirst();
        }
      }
    }
    works.listener().happened(event);
  }

  boolean isPublished() {
    return published != null;
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
    List<LiveEvent> copy;
    synchronized (events) {
      copy = new ArrayList<>(events);
    }
    Published now = published;
    List<String> waiting = awaited;
    return new LiveStatus(
        relative, kind.word(), key == null ? "" : works.stores().address(key),
        state.name().toLowerCase(java.util.Locale.ROOT), now == null ? "" : now.inWords(), publishedAt, behindSince,
        waiting.subList(0, Math.min(MOST_SHOWN, waiting.size())), waiting.size(), gaps, trouble, copy);
  }

  /** Its chunks are nobody's any more; what it names in the store stays. */
  void release() {
    chunks.values().forEach(chunk -> works.chunks().release(chunk, this));
  }

  /** What its names lead to. */
  private final class Names implements Presence {
    @Override
    public State of(Named named) {
      Target target = targets.get(named.uri());
      if (!(target instanceof Target.File file)) {
        return State.THERE;
      }
      if (named.playlist()) {
        return playlist(named.uri(), file.file());
      }
      Chunk chunk = chunks.get(file.file());
      return chunk == null ? State.AWAITED : chunk.state(named);
    }

    private State playlist(String uri, Path file) {
      if (works.isPublished(file)) {
        playlistsAwaitedSince.remove(uri);
        return State.THERE;
      }
      Instant since = playlistsAwaitedSince.computeIfAbsent(uri, any -> works.now());
      return works.now().isBefore(since.plus(works.target().gapAfter())) ? State.AWAITED : State.LOST;
    }

    @Override
    public String uri(Named named) {
      Chunk chunk = targets.get(named.uri()) instanceof Target.File file ? chunks.get(file.file()) : null;
      return chunk == null || chunk.key().equals(chunk.name()) ? named.uri() : renamed(named.uri(), chunk);
    }

    /** The URI with what was put into the name before its extension. */
    private static String renamed(String uri, Chunk chunk) {
      int dotOfName = chunk.name().lastIndexOf('.');
      boolean extended = dotOfName > chunk.name().lastIndexOf('/') + 1;
      int stem = extended ? dotOfName : chunk.name().length();
      String mark = chunk.key().substring(stem, stem + chunk.key().length() - chunk.name().length());
      int pathEnd = uri.split("[?#]", 2)[0].length();
      int slash = uri.lastIndexOf('/', pathEnd - 1);
      int dot = uri.lastIndexOf('.', pathEnd - 1);
      int at = dot > slash + 1 ? dot : pathEnd;
      return uri.substring(0, at) + mark + uri.substring(at);
    }
  }
}
