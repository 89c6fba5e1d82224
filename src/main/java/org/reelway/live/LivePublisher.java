package org.reelway.live;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.recording.FolderFiles;
import org.reelway.recording.RecordingFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the live streams of folders: chunks first, then the playlists that name them, never one that names what is
 * not in the store. What was published is known from the store, and what there is from the folder: nothing else need
 * survive a crash.
 */
public final class LivePublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LivePublisher.class);

  private static final long SAY_EVERY = 10;
  private static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LiveTarget target;
  private final LiveStores stores;
  private final List<PlaylistKind> kinds;
  private final LiveEvent.Listener listener;
  private final Clock clock;
  private final Map<Path, LivePlaylist> playlists = new ConcurrentHashMap<>();
  private final Map<Path, List<LivePlaylist>> byFolder = new ConcurrentHashMap<>();
  private final Map<String, Path> byKey = new ConcurrentHashMap<>();
  private final Map<Path, Declared> declared = new ConcurrentHashMap<>();
  private final List<LiveFolder> folders = new CopyOnWriteArrayList<>();
  private final ScheduledThreadPoolExecutor timer;
  private final ExecutorService playlistThreads;
  private final LiveChunks chunks;
  private final ChunkRemoval removal;
  private final ScheduledExecutorService removalThread;
  private final LiveViews views = new LiveViews();
  private final LiveOutage outage = new LiveOutage();

  /** What a playlist told of another one. */
  private record Declared(PlaylistKind kind, LivePlaylist by) {}

  /** A watched folder, with what follows from where it is. */
  private record LiveFolder(RecordingFolder folder, References references, ChunkSender sender) {}

  /** @param kinds of playlists that are published */
  public LivePublisher(
      LiveTarget target, LiveStores stores, List<PlaylistKind> kinds, LiveEvent.Listener listener, Clock clock) {
    this.target = target;
    this.stores = stores;
    this.kinds = List.copyOf(kinds);
    this.listener = listener;
    this.clock = clock;
    this.timer = new ScheduledThreadPoolExecutor(1, DaemonThreads.numbered("live-timer"));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.playlistThreads =
        Executors.newFixedThreadPool(Math.max(4, target.chunksAtOnce() / 2), DaemonThreads.numbered("live-playlist"));
    this.chunks =
        new LiveChunks(
            target.chunksAtOnce(), timer, target.backoff(), chunk -> folderOf(chunk.file()).sender(), clock::instant);
    this.removal =
        new ChunkRemoval(this, this::fileOf, playlists.values(), new NamedInStore(stores, this.kinds));
    this.removalThread = Executors.newSingleThreadScheduledExecutor(DaemonThreads.numbered("live-removal"));
    long pause = Math.max(100, Math.min(30_000, target.removeAfter().toMillis() / 4));
    removalThread.scheduleWithFixedDelay(removal::work, pause, pause, TimeUnit.MILLISECONDS);
    removalThread.scheduleWithFixedDelay(outage::work, SAY_EVERY, SAY_EVERY, TimeUnit.SECONDS);
  }

  /** Whether a file of this name is a playlist. */
  public boolean isPlaylist(String fileName) {
    return !fileName.startsWith(".") && kinds.stream().anyMatch(kind -> kind.takes(fileName));
  }

  /** Takes what is told of the folder's files from now on. */
  public FolderFiles.Listener publish(RecordingFolder folder) {
    References references = new References(folder, target.prefix(), target.key());
    LiveFolder live = new LiveFolder(folder, references, new ChunkSender(stores, references, target.settle(), clock));
    folders.add(live);
    return new FolderFiles.Listener() {
      @Override
      public void looked(List<Path> files) {
        Set<Path> there = new HashSet<>(files);
        files.forEach(file -> playlist(live, file).ifPresent(LivePlaylist::pokeIfChanged));
        playlists.values().stream()
            .filter(playlist -> playlist.path().startsWith(folder.root()) && !there.contains(playlist.path()))
            .forEach(LivePlaylist::pokeIfChanged);
      }

      @Override
      public void created(Path file) {
        Optional<LivePlaylist> playlist = playlist(live, file);
        if (playlist.isPresent()) {
          playlist.get().pokeToLook();
        } else {
          chunks.appeared(file);
          // A playlist that is written where it lies makes no event, but its new chunks do.
          for (Path at = file.getParent(); at != null && at.startsWith(folder.root()); at = at.getParent()) {
            byFolder.getOrDefault(at, List.of()).forEach(LivePlaylist::pokeToLook);
          }
        }
      }
    };
  }

  private Optional<LivePlaylist> playlist(LiveFolder live, Path file) {
    LivePlaylist known = playlists.get(file);
    return known != null
        ? Optional.of(known)
        : kind(file).flatMap(kind -> Optional.ofNullable(begin(live, file, kind)));
  }

  /** Null where another folder has a playlist of the same key. */
  private synchronized LivePlaylist begin(LiveFolder live, Path file, PlaylistKind kind) {
    String relative = live.references().relative(file);
    Path other = byKey.putIfAbsent(relative, file);
    if (other != null && !other.equals(file)) {
      LOG.debug("{} is not published: {} has its key", file, other);
      return null;
    }
    LivePlaylist playlist =
        playlists.computeIfAbsent(
            file, path -> new LivePlaylist(path, kind, live.references(), relative, this));
    List<LivePlaylist> beside = byFolder.computeIfAbsent(file.getParent(), any -> new CopyOnWriteArrayList<>());
    if (!beside.contains(playlist)) {
      beside.add(playlist);
      views.add(playlist);
      playlist.pokeToLook();
    }
    return playlist;
  }

  private Optional<PlaylistKind> kind(Path file) {
    Declared declared = this.declared.get(file);
    if (declared != null) {
      return Optional.of(declared.kind());
    }
    String name = file.getFileName().toString();
    return isPlaylist(name)
        ? kinds.stream().filter(kind -> kind.takes(name)).findFirst().map(kind -> kind.of(file))
        : Optional.empty();
  }

  private LiveFolder folderOf(Path file) {
    return folders.stream()
        .filter(live -> file.startsWith(live.folder().root()))
        .findFirst()
        .orElseThrow(() -> new InputFailure(file + " lies in no live folder any more"));
  }

  /** Empty also while the folder is away: nothing is removed by what cannot be seen. */
  private Optional<Path> fileOf(String key) {
    return folders.stream()
        .filter(live -> live.folder().isThere())
        .flatMap(live -> live.references().file(key).stream())
        .findFirst()
        .filter(file -> folders.stream().allMatch(live -> live.folder().isThere()));
  }

  /** The folder is not watched any more; what it has in the store stays. */
  public void end(RecordingFolder folder) {
    folders.removeIf(live -> live.folder().equals(folder));
    playlists.values().stream()
        .filter(playlist -> playlist.path().startsWith(folder.root()))
        .forEach(this::forget);
  }

  /** How all playlists fare, by path. */
  public List<LiveStatus> statuses() {
    return new ArrayList<>(playlists.values())
        .stream().map(LivePlaylist::status).sorted(Comparator.comparing(LiveStatus::playlist)).toList();
  }

  /** Chunks that wait for a worker. */
  public int waitingChunks() {
    return chunks.waiting();
  }

  /** Playlists that are published and not ended. */
  public long streams() {
    return playlists.values().stream().filter(playlist -> playlist.state() == PlaylistReport.State.LIVE).count();
  }

  LiveTarget target() {
    return target;
  }

  LiveStores stores() {
    return stores;
  }

  LiveChunks chunks() {
    return chunks;
  }

  ChunkRemoval removal() {
    return removal;
  }

  LiveOutage outage() {
    return outage;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  /** Few: no chunk is ever sent by them. */
  Executor playlistThreads() {
    return playlistThreads;
  }

  LiveEvent.Listener listener() {
    return listener;
  }

  Instant now() {
    return clock.instant();
  }

  /** Whether a playlist is in the store. */
  boolean isPublished(Path playlist) {
    LivePlaylist known = playlists.get(playlist);
    return known != null && known.isPublished();
  }

  /**
   * What stands in the name of a playlist's complete one, before its extension; empty text where it is complete itself.
   *
   * @return empty while it has none
   */
  Optional<String> completeMark(Path playlist) {
    return Optional.ofNullable(playlists.get(playlist)).flatMap(LivePlaylist::completeMark);
  }

  /** A playlist came into the store that was not there, or ended, or its complete one did: masters may wait for it. */
  void firstPublished(Path playlist) {
    playlists.values().stream().filter(LivePlaylist::isMaster).forEach(LivePlaylist::poke);
  }

  /** Whether a playlist in the store is its last version, and all is done for it. */
  boolean isEnded(Path playlist) {
    LivePlaylist known = playlists.get(playlist);
    return known != null && known.isEnded();
  }

  /** Keys of what the playlist in the store names; none before that is known. */
  Set<String> publishedKeys(Path playlist) {
    LivePlaylist known = playlists.get(playlist);
    return known == null ? Set.of() : known.publishedKeys();
  }

  String keyOf(Path file) {
    return folderOf(file).references().key(file);
  }

  /** Writes over what is at the file's key. */
  void put(Path file, byte[] playlist) {
    stores.putPlaylist(keyOf(file), playlist, now());
  }

  /**
   * Of the file, and of all below it, nothing is published any more when this returns.
   *
   * @throws DestinationFailure the store does not answer
   */
  void forgetBelow(Path file) {
    List<LivePlaylist> below = playlists.values().stream().filter(playlist -> playlist.path().startsWith(file)).toList();
    below.forEach(LivePlaylist::end);
    long end = System.nanoTime() + FORGET_NANOS;
    try {
      for (LivePlaylist playlist : below) {
        playlist.awaitIdle(end);
        if (System.nanoTime() > end) {
          throw new DestinationFailure(playlist.path() + " is still being put into the store, which does not answer");
        }
        forget(playlist);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DestinationFailure("Reelway ends", e);
    }
  }

  /** Removes the object of the file, and all below it. */
  void removeBelow(Path file) {
    String key = keyOf(file);
    stores.delete(key);
    List<String> below = new ArrayList<>();
    stores.list(key + "/", object -> below.add(object.key()));
    below.forEach(stores::delete);
  }

  /** A playlist that another one names is of this kind, whatever its name. */
  void declared(Path file, PlaylistKind kind, LivePlaylist by) {
    declared.put(file, new Declared(kind, by));
    playlist(folderOf(file), file).ifPresent(playlist -> playlist.become(kind));
  }

  /** Its file has been gone for long. */
  synchronized void forget(LivePlaylist playlist) {
    declared.values().removeIf(named -> named.by() == playlist);
    playlists.remove(playlist.path(), playlist);
    views.remove(playlist);
    byKey.values().remove(playlist.path());
    List<LivePlaylist> beside = byFolder.get(playlist.path().getParent());
    if (beside != null) {
      beside.remove(playlist);
      if (beside.isEmpty()) {
        byFolder.remove(playlist.path().getParent());
      }
    }
    playlist.release();
    outage.over(playlist, now());
  }

  /** From now on no chunk is begun; those under way are finished, and the playlists that they complete. */
  public void drain() {
    chunks.beginNothing();
  }

  /**
   * As {@link #drain}, then ends; what is not in the store yet is sent after the next start.
   *
   * @param longest that may be waited for requests under way
   */
  public void stop(Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    try {
      chunks.finish(end);
      for (LivePlaylist playlist : playlists.values()) {
        playlist.awaitIdle(end);
      }
      // Those that wait for other playlists were asked by them.
      for (LivePlaylist playlist : playlists.values()) {
        playlist.awaitIdle(end);
      }
    } catch (InterruptedException e) {
      // The time is over.
      Thread.currentThread().interrupt();
    }
    close();
  }

  /** Ends at once. */
  @Override
  public void close() {
    views.close();
    timer.shutdownNow();
    removalThread.shutdownNow();
    playlistThreads.shutdown();
    chunks.close();
    try {
      if (!playlistThreads.awaitTermination(5, TimeUnit.SECONDS)) {
        playlistThreads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stores.close();
  }
}
