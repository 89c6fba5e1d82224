package org.reelway.live;

import java.time.Instant;
import java.util.Optional;
import org.reelway.failure.DestinationFailure;

/**
 * The complete playlist beside a live one, {@code name-vod.ext}. It has every chunk before the live playlist drops it, so
 * that both together tell of all chunks whenever Reelway is killed. Used by one thread.
 */
public final class LiveArchive {
  static final String MARK = "-vod";

  private static final int TRIES = 3;

  private final PlaylistKind kind;
  private final StoredPlaylist stored;

  /** @param liveKey of the live playlist */
  LiveArchive(LiveStores stores, PlaylistKind kind, String liveKey) {
    this.kind = kind;
    this.stored = new StoredPlaylist(stores, kind, keyOf(liveKey));
  }

  /** The name, key or URI of the complete playlist. */
  public static String keyOf(String live) {
    int dot = live.lastIndexOf('.');
    int at = dot > live.lastIndexOf('/') + 1 ? dot : live.length();
    return live.substring(0, at) + MARK + live.substring(at);
  }

  /** The name, key or URI of the live playlist, where this is that of its complete one; empty where it is not. */
  static Optional<String> liveOf(String complete) {
    int dot = complete.lastIndexOf('.');
    int at = dot > complete.lastIndexOf('/') + 1 ? dot : complete.length();
    String stem = complete.substring(0, at);
    return stem.endsWith(MARK)
        ? Optional.of(stem.substring(0, at - MARK.length()) + complete.substring(at))
        : Optional.empty();
  }

  /** Before the live playlist becomes another one. */
  void keep(Published live, Published next, Instant now) {
    stored.load(now);
    put(live, next, now);
  }

  /** The live playlist has ended. */
  void end(Published live, Instant now) {
    stored.load(now);
    put(live, null, now);
  }

  /** The complete playlist is this one from now on. */
  void replace(Published version, Instant now) {
    stored.load(now);
    for (int tries = 1; !stored.holds(version) && !stored.put(version, now); tries++) {
      if (tries == TRIES) {
        throw overtaken();
      }
    }
  }

  /** Whether there is one. */
  boolean isThere() {
    return stored.version() != null;
  }

  private void put(Published live, Published next, Instant now) {
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      Optional<Published> version = kind.archived(stored.version(), live, next);
      if (version.isEmpty() || stored.holds(version.get()) || stored.put(version.get(), now)) {
        return;
      }
    }
    throw overtaken();
  }

  private static DestinationFailure overtaken() {
    return new DestinationFailure("the complete playlist is written by somebody else all the time; it is tried again");
  }
}
