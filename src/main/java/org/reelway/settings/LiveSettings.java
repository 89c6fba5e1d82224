package org.reelway.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;

/** {@code reelway.live.*}: chunks and playlists of streams that are on. */
public final class LiveSettings {
  public static final Setting<List<Path>> FOLDER = Setting.optional(
      "reelway.live.folder", Folders.LIST,
      "Folders into which the media server writes live playlists and their chunks; their subfolders belong to them. "
          + "Several are separated by commas. Where it is not set, nothing is published live.");
  public static final Setting<String> PREFIX = Setting.of(
      "reelway.live.prefix", Types.PREFIX, "",
      "What stands between reelway.store.prefix and the path below the live folder, such as live, in every key of live "
          + "chunks and playlists.");
  public static final Setting<LiveKey> KEY = Setting.of(
      "reelway.live.key", LiveKey.TYPE, "{path}",
      "Key of live chunks and playlists behind the prefixes. {path} is the path below the live folder, {group} its first "
          + "folder and {rest} the path below that: tenants/{group}/live/{rest} puts news/cam1/x.ts at "
          + "tenants/news/live/cam1/x.ts.");
  public static final Setting<Boolean> WATCH = Setting.of(
      "reelway.live.watch", Types.BOOLEAN, "true",
      "Whether live folders are watched. With false they are looked through once at start, and after that only the media "
          + "server's events tell what is new (docs/events.md). Events are taken with true as well.");
  public static final Setting<LiveKeep> KEEP = Setting.of(
      "reelway.live.keep", Types.choice(LiveKeep.class), "window",
      "What becomes of chunks in the store that the media server has removed: window removes them too, all keeps them.");
  public static final Setting<Duration> REMOVE_AFTER = Setting.of(
      "reelway.live.remove-after", Types.duration("1s", "30d"), "2m",
      "How long a chunk stays in the store after the last playlist that names it. Make it longer than players lag "
          + "behind, caches included.");
  public static final Setting<Duration> GAP_AFTER = Setting.of(
      "reelway.live.gap-after", Types.duration("1s", "1h"), "10s",
      "How long a playlist waits for a chunk that is gone, or that the store does not take although it takes later "
          + "ones. Then it is declared as a gap, and the stream goes on.");
  public static final Setting<String> CHUNK_CACHE_CONTROL = Setting.of(
      "reelway.live.chunk-cache-control", Types.HEADER, "public, max-age=31536000, immutable",
      "Cache-Control of live chunks. None is ever written over.");
  public static final Setting<String> PLAYLIST_CACHE_CONTROL = Setting.of(
      "reelway.live.playlist-cache-control", Types.HEADER, "no-cache",
      "Cache-Control of live playlists, such as max-age=1; more than half of a chunk's length makes players late.");
  public static final Setting<Integer> CHUNKS_AT_ONCE = Setting.of(
      "reelway.live.chunks-at-once", Types.number(1, 256), "16",
      "Chunks of all streams that are sent at the same time. No stream gets more than a quarter of them.");
  public static final Setting<String> HDS_BOOTSTRAP = Setting.of(
      "reelway.live.hds-bootstrap", Types.FILE_NAME, "bootstrap",
      "Name of HDS bootstraps that no f4m in the live folder names, beside *.abst. Those that one names are found by it.");

  static final Setting.Group GROUP = new Setting.Group(
      "Live", "Chunks and playlists of streams that are on (docs/live.md).",
      List.of(
          FOLDER, PREFIX, KEY, WATCH, KEEP, REMOVE_AFTER, GAP_AFTER, CHUNK_CACHE_CONTROL, PLAYLIST_CACHE_CONTROL,
          CHUNKS_AT_ONCE, HDS_BOOTSTRAP));

  private LiveSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(
        isApart(RecordingSettings.FOLDER, settings -> settings.get(RecordingSettings.FOLDER)),
        isApart(StateSettings.FOLDER, settings -> List.of(settings.get(StateSettings.FOLDER))));
  }

  /** A chunk that is taken for a recording too would be sent twice, and tidied before its playlist names it. */
  private static CrossRule isApart(
      Setting<?> other, java.util.function.Function<Settings, List<Path>> others) {
    return new CrossRule(
        List.of(FOLDER, other),
        FOLDER,
        settings ->
            Stream.ofNullable(settings.get(FOLDER)).flatMap(List::stream)
                .flatMap(live -> others.apply(settings).stream().flatMap(folder -> overlap(live, folder, other)))
                .findFirst());
  }

  private static Stream<String> overlap(Path live, Path folder, Setting<?> other) {
    try {
      Folders.requireApart(live, folder);
      return Stream.empty();
    } catch (InputFailure e) {
      return Optional.of(e.getMessage() + " (live and " + other + ")").stream();
    }
  }

  /** What becomes of chunks that the media server has removed. */
  public enum LiveKeep {
    /** They are removed from the store too, after a while. */
    WINDOW,
    /** They stay. */
    ALL
  }
}
