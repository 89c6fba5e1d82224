package org.reelway.live;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reelway.live.dash.DashKind;
import org.reelway.live.hds.BootstrapKind;
import org.reelway.live.hds.ManifestKind;
import org.reelway.live.hls.HlsKind;
import org.reelway.recording.FolderFiles;
import org.reelway.recording.FolderWatch;
import org.reelway.recording.RecordingFolder;
import org.reelway.recording.SteadyClock;
import org.reelway.settings.LiveKey;
import org.reelway.settings.LiveSettings.LiveKeep;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.Backoff;
import org.reelway.transfer.RecordingAttributes;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.StoreCredentials;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreConnection;

/** A live publisher joined as the program joins it, with a watched folder and a real store. */
final class LiveFixture implements AutoCloseable {
  static final String HEAD = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n";

  /** What tests write is no media, and its end says nothing. */
  private static final Duration SETTLE = Duration.ZERO;

  final Path folder;
  final List<LiveEvent> events = new CopyOnWriteArrayList<>();
  final LivePublisher publisher;
  final ToldFiles told;
  private final FolderWatch watch;
  private final FolderFiles files;

  LiveFixture(Path temp, URI endpoint) {
    this(temp, endpoint, LiveKeep.WINDOW, Duration.ofSeconds(60), true);
  }

  /** @param conditions whether the store is known to refuse a put over what is there */
  LiveFixture(Path temp, URI endpoint, LiveKeep keep, Duration gapAfter, boolean conditions) {
    this(temp, endpoint, keep, gapAfter, conditions, LiveKey.PATH, true, SETTLE);
  }

  /** Only {@link #tell} tells of its files. */
  static LiveFixture unwatched(Path temp, URI endpoint) {
    return new LiveFixture(temp, endpoint, LiveKeep.WINDOW, Duration.ofSeconds(60), true, LiveKey.PATH, false, SETTLE);
  }

  static LiveFixture keyed(Path temp, URI endpoint, String key) {
    return new LiveFixture(temp, endpoint, LiveKeep.WINDOW, Duration.ofSeconds(60), true, LiveKey.parse(key), true, SETTLE);
  }

  /** @param settle how long a chunk that is cut off may be written to */
  static LiveFixture settling(Path temp, URI endpoint, Duration settle) {
    return new LiveFixture(temp, endpoint, LiveKeep.WINDOW, Duration.ofSeconds(60), true, LiveKey.PATH, true, settle);
  }

  private LiveFixture(
      Path temp, URI endpoint, LiveKeep keep, Duration gapAfter, boolean conditions, LiveKey key, boolean isWatched,
      Duration settle) {
    try {
      folder = Files.createDirectories(temp.resolve("live")).toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LiveTarget target =
        new LiveTarget(
            TestStore.BUCKET, "on/air", key, "immutable", "no-cache", keep, gapAfter, settle, Duration.ofMillis(500), 8,
            new Backoff(Duration.ofMillis(20), Duration.ofMillis(100)));
    StoreCapabilities does = new StoreCapabilities(ChecksumKind.CRC64NVME, conditions, conditions, conditions);
    LiveStores stores =
        new LiveStores(connect(endpoint), connect(endpoint), bucket -> does, RecordingAttributes.NONE, target);
    List<PlaylistKind> kinds = List.of(new HlsKind(), new DashKind(), new ManifestKind(), new BootstrapKind("bootstrap"));
    publisher = new LivePublisher(target, stores, kinds, events::add, Clock.systemUTC());
    RecordingFolder watched = RecordingFolder.of(folder, temp.resolve("markers"));
    FolderFiles.Listener listener = publisher.publish(watched);
    files = new FolderFiles(watched, publisher::isPlaylist, listener, new SteadyClock());
    told = new ToldFiles(watched, publisher::isPlaylist, listener);
    watch = isWatched ? FolderWatch.start(files) : null;
  }

  private static Store connect(URI endpoint) {
    return new S3Store(
        new StoreConnection(
            endpoint, "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(5),
            StoreCredentials.fixed(TestStore.ACCESS_KEY, TestStore.SECRET_KEY), null));
  }

  /** Written beside, then renamed, as packagers do. */
  void write(String path, String content) {
    write(path, content.getBytes(StandardCharsets.UTF_8));
  }

  void write(String path, byte[] content) {
    Path file = folder.resolve(path);
    try {
      Files.createDirectories(file.getParent());
      Path beside = Files.write(file.resolveSibling("." + file.getFileName() + ".tmp"), content);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete(String path) {
    try {
      Files.delete(folder.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a media server's event does. */
  void tell(String path) {
    told.told(told.locate(Path.of(path)).orElseThrow());
  }

  /** A playlist of segments of a second. */
  static String playlist(int first, String... uris) {
    StringBuilder text = new StringBuilder(HEAD + "#EXT-X-MEDIA-SEQUENCE:" + first + "\n");
    for (String uri : uris) {
      text.append("#EXTINF:1.0,\n").append(uri).append('\n');
    }
    return text.toString();
  }

  LiveStatus status(String playlist) {
    return publisher.statuses().stream()
        .filter(status -> status.playlist().equals(playlist)).findFirst().orElse(null);
  }

  /** Empty before it is known. */
  String state(String playlist) {
    LiveStatus status = status(playlist);
    return status == null ? "" : status.state();
  }

  /** Empty for nothing. */
  String published(String playlist) {
    LiveStatus status = status(playlist);
    return status == null ? "" : status.published();
  }

  long events(LiveEvent.Kind kind) {
    return events.stream().filter(event -> event.kind() == kind).count();
  }

  /** Looks, as the schedule does. */
  void rescan() {
    files.rescan();
  }

  static void eventually(String what, Callable<Boolean> condition) {
    await(what).atMost(Duration.ofSeconds(30)).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10))
        .until(condition);
  }

  @Override
  public void close() {
    told.close();
    if (watch != null) {
      watch.close();
    }
    publisher.close();
  }
}
