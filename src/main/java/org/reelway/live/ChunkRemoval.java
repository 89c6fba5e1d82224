package org.reelway.live;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.reelway.recording.FileIdentity;
import org.reelway.settings.LiveSettings.LiveKeep;
import org.reelway.transfer.WholeFiles;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes chunks from the store that the media server has removed, once no playlist has named them for a while: no live
 * one, and none that is in the store. Only objects that say themselves that they are of one of our files, and were sent to
 * be removed one day, are removed.
 */
final class ChunkRemoval {
  private static final Logger LOG = LoggerFactory.getLogger(ChunkRemoval.class);
  /** Looking through a large store takes its time: so many times as long it is left alone. */
  private static final int PAUSE = 20;

  private final LivePublisher publisher;
  private final Function<String, Optional<Path>> files;
  private final Collection<LivePlaylist> playlists;
  private final NamedInStore inStore;
  private final Map<String, Unnamed> unnamed = new ConcurrentHashMap<>();
  private final Set<String> toAdopt = ConcurrentHashMap.newKeySet();
  private Instant notBefore = Instant.MIN;

  /** A key that no live playlist names. @param written when its file was; null where the store was not asked yet */
  private record Unnamed(Instant since, Instant written) {}

  /**
   * @param files of keys; empty for what lies in a folder that is not there now
   * @param playlists that are live, as they are at any time
   */
  ChunkRemoval(
      LivePublisher publisher,
      Function<String, Optional<Path>> files,
      Collection<LivePlaylist> playlists,
      NamedInStore inStore) {
    this.publisher = publisher;
    this.files = files;
    this.playlists = playlists;
    this.inStore = inStore;
  }

  private boolean isOn() {
    return publisher.target().keep() == LiveKeep.WINDOW;
  }

  /** The playlist that named the ones names the others now. */
  void unnamed(Set<String> before, Set<String> after) {
    if (isOn()) {
      before.stream().filter(key -> !after.contains(key)).forEach(this::unnamed);
      unnamed.keySet().removeAll(after);
    }
  }

  private void unnamed(String key) {
    unnamed.putIfAbsent(key, new Unnamed(publisher.now(), null));
  }

  /** What lies beside the playlist since before the start is looked through with the next work. */
  void adopt(String playlistKey) {
    int slash = playlistKey.lastIndexOf('/');
    if (isOn() && slash > 0) {
      toAdopt.add(playlistKey.substring(0, slash + 1));
    }
  }

  /** Removes what is due; called now and then. */
  void work() {
    if (!isOn() || publisher.now().isBefore(notBefore)) {
      return;
    }
    try {
      List.copyOf(toAdopt).forEach(this::adoptFolder);
      Map<String, Instant> due = due();
      if (!due.isEmpty()) {
        removeUnlessNamed(due);
      }
    } catch (StoreFailure away) {
      LOG.debug("chunks are removed later: {}", away.getMessage());
    } catch (RuntimeException e) {
      LOG.error("old chunks could not be removed: {}", e.toString(), e);
    }
  }

  private void adoptFolder(String folder) {
    Set<String> needed = needed();
    publisher.stores().list(
        folder,
        object -> {
          boolean beside = object.key().indexOf('/', folder.length()) < 0;
          if (beside && !needed.contains(object.key())) {
            unnamed(object.key());
          }
        });
    toAdopt.remove(folder);
  }

  /** What live playlists name, or are about to. */
  private Set<String> needed() {
    Set<String> needed = new HashSet<>(publisher.chunks().wantedKeys());
    playlists.forEach(playlist -> needed.addAll(playlist.publishedKeys()));
    return needed;
  }

  /** Chunks that had their time, and are gone from the folder, with when their files were written. */
  private Map<String, Instant> due() {
    Set<String> needed = needed();
    Instant latest = publisher.now().minus(publisher.target().removeAfter());
    Map<String, Instant> due = new HashMap<>();
    for (Map.Entry<String, Unnamed> entry : unnamed.entrySet()) {
      String key = entry.getKey();
      if (!entry.getValue().since().isAfter(latest) && !needed.contains(key) && isGone(key)) {
        written(key, entry.getValue()).ifPresent(written -> due.put(key, written));
      }
    }
    return due;
  }

  private boolean isGone(String key) {
    return files.apply(key).filter(file -> !Files.exists(file, LinkOption.NOFOLLOW_LINKS)).isPresent();
  }

  /** Empty where the object is not to be removed ever: then it is forgotten. */
  private Optional<Instant> written(String key, Unnamed known) {
    if (known.written() != null) {
      return Optional.of(known.written());
    }
    Optional<Instant> written =
        publisher.stores().head(key).filter(LiveStores::isRemovable).map(this::written);
    if (written.isPresent()) {
      unnamed.replace(key, known, new Unnamed(known.since(), written.get()));
    } else {
      unnamed.remove(key, known);
    }
    return written;
  }

  private Instant written(StoredObject object) {
    Instant now = publisher.now();
    return FileIdentity.parse("-:" + object.metadata().get(WholeFiles.FILE))
        .map(file -> Instant.ofEpochSecond(0, file.modifiedNanos()))
        .filter(now::isAfter)
        .orElse(now);
  }

  private void removeUnlessNamed(Map<String, Instant> due) {
    Map<String, String> known = new HashMap<>();
    playlists.forEach(playlist -> playlist.publishedEtag().ifPresent(etag -> known.put(playlist.key(), etag)));
    long begun = System.nanoTime();
    Set<String> named = inStore.among(due, known);
    notBefore = publisher.now().plusNanos(PAUSE * (System.nanoTime() - begun));
    Set<String> needed = needed();
    for (String key : due.keySet()) {
      if (named.contains(key)) {
        // Until that playlist goes on, perhaps.
        unnamed.computeIfPresent(key, (any, is) -> new Unnamed(publisher.now(), is.written()));
      } else if (!needed.contains(key) && isGone(key)) {
        publisher.stores().delete(key);
        publisher.listener().happened(
            new LiveEvent(
                LiveEvent.Kind.REMOVED, "", key, "the media server removed it", Duration.ZERO, publisher.now()));
        unnamed.remove(key);
      }
    }
  }
}
