package org.reelway.live;

import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.transfer.store.StoreFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The object of one playlist: the version that the store has, and the next one, which is only written over that very
 * one where the store can do so. Used by one thread.
 */
final class StoredPlaylist {
  private static final Logger LOG = LoggerFactory.getLogger(StoredPlaylist.class);

  private final LiveStores stores;
  private final PlaylistKind kind;
  private final String key;
  private boolean known;
  private Published version;
  private String etag;

  StoredPlaylist(LiveStores stores, PlaylistKind kind, String key) {
    this.stores = stores;
    this.kind = kind;
    this.key = key;
  }

  /** The newest version that players were given, also where its object was removed since; null for none. */
  Published version() {
    return version;
  }

  /**
   * Asks the store where that is not known.
   *
   * @return whether it was asked
   */
  boolean load(Instant now) {
    if (known) {
      return false;
    }
    Optional<LiveStores.Found> found = stores.playlist(key);
    etag = found.map(LiveStores.Found::etag).orElse(null);
    if (found.isPresent()) {
      try {
        version = kind.readPublished(found.get().bytes(), found.get().memo());
      } catch (InputFailure e) {
        String aside = PlaylistNames.marked(key, "-" + ChunkSender.hash(etag));
        stores.copyPlaylist(found.get(), aside, now);
        LOG.warn(
            "{} holds no playlist that can be gone on with, and is written over: {}; what it was is kept as {}",
            stores.address(key), e.getMessage(), aside);
      }
    }
    known = true;
    return true;
  }

  /** Of the object in the store; null for none. */
  String etag() {
    return etag;
  }

  /** The store is asked again. */
  void forget() {
    known = false;
  }

  /** Whether the store has this version. */
  boolean holds(Published other) {
    return etag != null
        && version != null
        && Arrays.equals(version.bytes(), other.bytes())
        && version.memo().equals(other.memo())
        && version.ended() == other.ended();
  }

  /**
   * Has the store take the next version.
   *
   * @return false where something else was written meanwhile: then {@link #version} is that
   */
  boolean put(Published next, Instant now) {
    String before = etag;
    try {
      etag = stores.putPlaylist(key, next, now, before);
    } catch (StoreFailure e) {
      boolean gone = before != null && e.status() == 404 && !e.isCode("NoSuchBucket");
      if (!e.isPreconditionFailed() && !gone) {
        throw e;
      }
      forget();
      load(now);
      if (!holds(next)) {
        if (!Objects.equals(etag, before)) {
          LOG.debug("{} was written by somebody else; goes on from there", stores.address(key));
          return false;
        }
        // It refuses although nothing changed: such conditions are worth nothing, and a stream must go on.
        stores.doubtConditions(key);
        etag = stores.putPlaylist(key, next, now);
      }
    }
    version = next;
    return true;
  }
}
