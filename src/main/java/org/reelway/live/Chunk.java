package org.reelway.live;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.reelway.recording.FileIdentity;

/** A file that playlists name, and what is known of its object. Its fields are guarded by itself. */
final class Chunk {
  private final Path file;
  private final String name;
  private final boolean numbered;
  private Instant wantedSince;
  private final List<LivePlaylist> wantedBy = new CopyOnWriteArrayList<>();
  private String key;
  private String keyBefore;
  private FileIdentity held;
  private boolean inStore;
  private long wantedUpTo;
  private boolean wantedWhole;
  private boolean growing;
  private boolean queued;
  private boolean lost;
  private boolean taken;
  private boolean missing;
  private int failures;
  private Instant storedAt;
  private FileIdentity seen;
  private Instant seenSince;
  private Instant hopelessSince;
  private String trouble = "";
  private ScheduledFuture<?> planned;
  private int looks;

  /**
   * @param key by its own name
   * @param numbered whether players find it there only
   */
  Chunk(Path file, String key, boolean numbered, Instant now) {
    this.file = file;
    this.numbered = numbered;
    this.name = key;
    this.key = key;
    this.wantedSince = now;
  }

  Path file() {
    return file;
  }

  /** Key that follows from its path. */
  String name() {
    return name;
  }

  /** Playlists to tell of what becomes of it. */
  List<LivePlaylist> wantedBy() {
    return wantedBy;
  }

  void addWantedBy(LivePlaylist playlist) {
    if (!wantedBy.contains(playlist)) {
      wantedBy.add(playlist);
    }
  }

  /** Key under which it is; another than its name where that was taken. */
  synchronized String key() {
    return key;
  }

  synchronized void rename(String newKey) {
    key = newKey;
  }

  /** Its object may be in the store from before the start, under this key, although its file is gone. */
  synchronized void mayBeAt(String keyOfBefore) {
    keyBefore = inStore ? null : keyOfBefore;
  }

  /** That key, once; null where the store need not be asked. */
  synchronized String takeKeyBefore() {
    String taken = keyBefore;
    keyBefore = null;
    return taken;
  }

  /** @return whether it has to be queued for that */
  synchronized boolean want(NamedFile named) {
    if (named.upTo() < 0) {
      wantedWhole = true;
    } else {
      wantedUpTo = Math.max(wantedUpTo, named.upTo());
    }
    return queue();
  }

  /** @return whether it was not queued, and has to be sent */
  synchronized boolean queue() {
    if (queued || lost || taken || isHeldAsWanted()) {
      return false;
    }
    queued = true;
    return true;
  }

  synchronized void unqueue() {
    queued = false;
  }

  /** @return whether it has to be queued for a look whether its file is still that of its object */
  synchronized boolean queueToLook() {
    if (queued || !inStore) {
      return false;
    }
    queued = true;
    return true;
  }

  /** Has one thing planned at a time, whoever asks and how often: the sooner of two. */
  synchronized void plan(Duration delay, Supplier<ScheduledFuture<?>> schedule) {
    boolean sooner = planned != null && planned.getDelay(TimeUnit.NANOSECONDS) <= delay.toNanos();
    if (!sooner) {
      if (planned != null) {
        planned.cancel(false);
      }
      planned = schedule.get();
    }
  }

  /** What was planned is done now. */
  synchronized void begin() {
    planned = null;
  }

  synchronized void beginLooks() {
    looks = 0;
  }

  /** @return how many looks there were since they began */
  synchronized int looked() {
    return ++looks;
  }

  /** Whether nobody wrote to the file for so long, as far as it was looked at. */
  synchronized boolean isAtRest(FileIdentity file, Duration time, Instant now) {
    if (!file.equals(seen)) {
      seen = file;
      seenSince = now;
    }
    return !now.isBefore(seenSince.plus(time));
  }

  synchronized boolean isHeldAsWanted() {
    return inStore && (held == null || (!wantedWhole || !growing) && held.size() >= wantedUpTo);
  }

  /** What is to be sent: -1 for the whole file, else its start of so many bytes at least. */
  synchronized long wanted() {
    return wantedWhole ? -1 : wantedUpTo;
  }

  /** Whether what is in the store is the start of a file that grew on. */
  synchronized boolean isGrowing() {
    return growing;
  }

  /** @param identity null where only the object is left; @param start whether the file may have more */
  synchronized void stored(FileIdentity identity, boolean start, Instant now) {
    held = identity;
    growing = start;
    inStore = true;
    keyBefore = null;
    missing = false;
    failures = 0;
    trouble = "";
    storedAt = now;
  }

  /** The file at the path is another one now, or was written to: what is in the store is that of before. None is empty. */
  synchronized boolean isReplacedBy(FileIdentity now) {
    return inStore && now.size() > 0 && held != null && !growing && !held.sameApartFromDevice(now);
  }

  /** Begins anew for another file of the name. */
  synchronized void replaced(Instant now) {
    wantedSince = now;
    inStore = false;
    lost = false;
    taken = false;
    held = null;
    growing = false;
    // What is there stays true where the file goes before it is sent.
    keyBefore = key;
    key = name;
  }

  synchronized int failed(String why, boolean fileMissing) {
    missing = fileMissing;
    trouble = why;
    return ++failures;
  }

  boolean isNumbered() {
    return numbered;
  }

  /** Something else has its key, and it can have no other one. */
  synchronized void take() {
    taken = true;
  }

  synchronized void lose() {
    lost = true;
  }

  /**
   * Whether it has had its time: its file has been gone for so long, or the store has taken later ones for so long and
   * not this one. A store that takes nothing is no reason.
   *
   * @param laterStoredAt when a chunk of the stream was stored last; null for never
   */
  synchronized boolean isOverdue(Instant now, Duration patience, Instant laterStoredAt) {
    boolean othersGo = laterStoredAt != null && laterStoredAt.isAfter(wantedSince) && failures > 0;
    if (inStore || !missing && !othersGo) {
      hopelessSince = null;
      return false;
    }
    if (hopelessSince == null) {
      hopelessSince = missing ? wantedSince : now;
    }
    return !now.isBefore(hopelessSince.plus(patience));
  }

  synchronized Presence.State state(NamedFile named) {
    boolean there =
        inStore && (held == null || named.upTo() < 0 && !growing || named.upTo() >= 0 && held.size() >= named.upTo());
    if (there) {
      return Presence.State.THERE;
    }
    if (taken) {
      return Presence.State.TAKEN;
    }
    return lost ? Presence.State.LOST : Presence.State.AWAITED;
  }

  synchronized boolean isInStore() {
    return inStore;
  }

  synchronized boolean isLost() {
    return lost;
  }

  synchronized Instant storedAt() {
    return storedAt;
  }

  synchronized Instant wantedSince() {
    return wantedSince;
  }

  synchronized String trouble() {
    return trouble;
  }
}
