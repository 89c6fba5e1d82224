package org.reelway.camel;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reelway.live.LiveEvent;
import org.reelway.live.LiveMetrics;
import org.reelway.live.LivePublisher;
import org.reelway.live.LiveStatus;
import org.reelway.live.LiveStores;
import org.reelway.live.LiveTarget;
import org.reelway.live.dash.DashKind;
import org.reelway.live.hds.BootstrapKind;
import org.reelway.live.hds.ManifestKind;
import org.reelway.live.hls.HlsKind;
import org.reelway.settings.LiveKey;
import org.reelway.settings.LiveSettings;
import org.reelway.settings.LiveSettings.LiveKeep;
import org.reelway.settings.Settings;
import org.reelway.settings.ShutdownSettings;
import org.reelway.transfer.Backoff;
import org.reelway.transfer.Capabilities;
import org.reelway.transfer.bandwidth.Priority;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.flow.WatchedFolders;

/** The live publishers that routes have, and {@code GET /live}. */
public final class LivePublishers {
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);
  /** What ends as its container may end counts at once. */
  private static final Duration SETTLE = Duration.ofSeconds(2);

  private final Settings settings;
  private final S3Store store;
  private final Capabilities capabilities;
  private final WatchedFolders folders;
  private final LiveMetrics metrics;
  private final Clock clock;
  private final List<LivePublisher> publishers = new CopyOnWriteArrayList<>();
  private volatile boolean draining;
  private final ToldLiveFiles told = new ToldLiveFiles();

  LivePublishers(
      Settings settings, S3Store store, Capabilities capabilities, WatchedFolders folders, LiveMetrics metrics,
      Clock clock) {
    this.settings = settings;
    this.store = store;
    this.capabilities = capabilities;
    this.folders = folders;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** @param listener told beside the metrics */
  LivePublisher begin(String bucket, String prefix, LiveEvent.Listener listener) {
    return begin(target(
        bucket, prefix, settings.get(LiveSettings.KEY), settings.get(LiveSettings.KEEP), settings.get(LiveSettings.GAP_AFTER)), listener);
  }

  /** As the settings have it, but for what is named. @param gapAfter how long a playlist waits for a chunk */
  LiveTarget target(String bucket, String prefix, LiveKey key, LiveKeep keep, Duration gapAfter) {
    Backoff wanted = TransferFeature.backoff(settings);
    return new LiveTarget(
        bucket,
        prefix,
        key,
        settings.get(LiveSettings.CHUNK_CACHE_CONTROL),
        settings.get(LiveSettings.PLAYLIST_CACHE_CONTROL),
        keep,
        gapAfter,
        SETTLE,
        settings.get(LiveSettings.REMOVE_AFTER),
        settings.get(LiveSettings.CHUNKS_AT_ONCE),
        // A live stream cannot wait as a recording can.
        new Backoff(shorter(wanted.first(), Duration.ofMillis(250)), shorter(wanted.most(), LONGEST_RETRY)));
  }

  LivePublisher begin(LiveTarget target, LiveEvent.Listener listener) {
    LiveStores stores =
        new LiveStores(
            store.at(Priority.CHUNK),
            store.at(Priority.PLAYLIST),
            capabilities,
            ConfiguredStore.primary(settings).attributes(),
            target);
    LivePublisher publisher =
        new LivePublisher(
            target, stores,
            List.of(new HlsKind(), new DashKind(), new ManifestKind(), new BootstrapKind(settings.get(LiveSettings.HDS_BOOTSTRAP))),
            event -> {
              metrics.happened(event);
              listener.happened(event);
            },
            clock);
    publishers.add(publisher);
    return publisher;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  void end(LivePublisher publisher) {
    publishers.remove(publisher);
    publisher.stop(settings.get(ShutdownSettings.DRAIN_TIME));
  }

  /** No chunk is begun any more, and routes are told of nothing more: they are about to stop. */
  void drain() {
    draining = true;
    publishers.forEach(LivePublisher::drain);
  }

  boolean isDraining() {
    return draining;
  }

  WatchedFolders folders() {
    return folders;
  }

  /** Takes what media servers tell of files. */
  ToldLiveFiles told() {
    return told;
  }

  long streams() {
    return publishers.stream().mapToLong(LivePublisher::streams).sum();
  }

  long waitingChunks() {
    return publishers.stream().mapToLong(LivePublisher::waitingChunks).sum();
  }

  List<LiveStatus> statuses() {
    return publishers.stream().flatMap(publisher -> publisher.statuses().stream()).toList();
  }

  /**
   * The bucket of a playlist's object, or of one that lies in its folder there or below; null for any other key. Objects that
   * lie in no folder belong to no playlist: recordings may stand beside them.
   */
  String bucketOf(String key) {
    return statuses().stream()
        .filter(status -> status.key() != null && key.startsWith(folderOf(status.key())) && !folderOf(status.key()).isEmpty())
        .map(LiveStatus::bucket)
        .findFirst()
        .orElse(null);
  }

  private static String folderOf(String key) {
    return key.substring(0, key.lastIndexOf('/') + 1);
  }

  Duration longestBehind() {
    Instant now = clock.instant();
    return statuses().stream()
        .filter(status -> status.behindSince() != null)
        .map(status -> Duration.between(status.behindSince(), now))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  public record PlaylistList(List<Playlist> playlists) {}

  /** See {@link LiveStatus}. */
  public record Playlist(
      String playlist, String kind, String address, String state, String published, Instant publishedAt,
      Instant behindSince, int awaitedCount, List<String> awaited, int gaps, long retries, String trouble,
      List<Happened> events) {
    static Playlist of(LiveStatus now) {
      return new Playlist(
          now.playlist(), now.kind(), now.address(), now.state(), now.published(), now.publishedAt(),
          now.behindSince(), now.awaitedCount(), now.awaited(), now.gaps(), now.retries(), now.trouble(),
          now.events().stream().map(Happened::of).toList());
    }
  }

  /** @param delayMillis from the file's last write; 0 where that says nothing */
  public record Happened(Instant at, String what, String key, String text, long delayMillis) {
    static Happened of(LiveEvent event) {
      return new Happened(event.at(), event.kind().word(), event.key(), event.text(), event.delay().toMillis());
    }
  }

  /** {@code GET /live}. */
  public PlaylistList list() {
    return new PlaylistList(statuses().stream().map(Playlist::of).toList());
  }
}
