package org.reelway.live;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The complete playlist beside a live one, {@code name-vod.ext}. It has every chunk before the live playlist drops it, so
 * that both together tell of all chunks whenever Reelway is killed. Used by one thread.
 */
public final class LiveArchive {
  private static final Logger LOG = LoggerFactory.getLogger(LiveArchive.class);
  private static final String MARK = "-vod";

  private final LiveStores stores;
  private final PlaylistKind kind;
  private final String key;
  private boolean loaded;
  private Published archive;

  /** @param liveKey of the live playlist */
  LiveArchive(LiveStores stores, PlaylistKind kind, String liveKey) {
    this.stores = stores;
    this.kind = kind;
    this.key = keyOf(liveKey);
  }

  /** The name, key or URI of the complete playlist. */
  public static String keyOf(String live) {
    int dot = live.lastIndexOf('.');
    int at = dot > live.lastIndexOf('/') + 1 ? dot : live.length();
    return live.substring(0, at) + MARK + live.substring(at);
  }

  /** Before the live playlist becomes another one. */
  void keep(Published live, Published next, Instant now) {
    load();
    put(kind.archived(archive, live, next), now);
  }

  /** The live playlist has ended. */
  void end(Published live, Instant now) {
    load();
    Optional<Published> complete = kind.archived(archive, live, null);
    put(complete.filter(version -> archive == null || !Arrays.equals(archive.bytes(), version.bytes())), now);
  }

  private void put(Optional<Published> version, Instant now) {
    if (version.isPresent()) {
      stores.putPlaylist(key, version.get(), now);
      archive = version.get();
    }
  }

  private void load() {
    if (loaded) {
      return;
    }
    Optional<LiveStores.Found> found = stores.playlist(key);
    try {
      archive = found.map(at -> kind.readPublished(at.bytes(), at.memo())).orElse(null);
    } catch (InputFailure e) {
      LOG.warn("{} holds no playlist of ours and is written over: {}", stores.address(key), e.getMessage());
    }
    loaded = true;
  }
}
