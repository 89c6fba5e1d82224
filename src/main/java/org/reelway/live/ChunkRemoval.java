package org.reelway.live;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reelway.config.LiveKeep;
import org.reelway.transfer.WholeFiles;
import org.reelway.transfer.store.StoreFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes chunks from the store that the media server has removed, once no published playlist has named them for a while.
 * Only objects that say themselves that they are of one of our files are removed.
 */
final class ChunkRemoval {
  private static final Logger LOG = LoggerFactory.getLogger(ChunkRemoval.class);

  private final LiveStores stores;
  private final LiveTarget target;
  private final Function<String, Optional<Path>> files;
  private final Supplier<Collection<LivePlaylist>> playlists;
  private final Supplier<Instant> now;
  private final Map<String, Instant> unnamedSince = new ConcurrentHashMap<>();
  private final Set<String> toAdopt = ConcurrentHashMap.newKeySet();
  private final LiveEvent.Listener listener;

  /** @param files of keys; empty for what lies in a folder that is not there now */
  ChunkRemoval(
      LiveStores stores,
      LiveTarget target,
      Function<String, Optional<Path>> files,
      Supplier<Collection<LivePlaylist>> playlists,
      Supplier<Instant> now,
      LiveEvent.Listener listener) {
    this.stores = stores;
    this.target = target;
    this.files = files;
    this.playlists = playlists;
    this.now = now;
    this.listener = listener;
  }

  private boolean isOn() {
    return target.keep() == LiveKeep.WINDOW;
  }

  /** The playlist that named the ones names the others now. */
  void unnamed(Set<String> before, Set<String> after) {
    if (isOn()) {
      before.stream().filter(key -> !after.contains(key)).forEach(key -> unnamedSince.putIfAbsent(key, now.get()));
      unnamedSince.keySet().removeAll(after);
    }
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
    if (!isOn()) {
      return;
    }
    try {
      List.copyOf(toAdopt).forEach(this::adoptFolder);
      Set<String> named = named();
      List<String> due = new ArrayList<>();
      Duration patience = target.removeAfter();
      unnamedSince.forEach(
          (key, since) -> {
            if (!now.get().isBefore(since.plus(patience))) {
              due.add(key);
            }
          });
      due.forEach(key -> removeUnlessNeeded(key, named));
    } catch (StoreFailure away) {
      LOG.debug("chunks are removed later: {}", away.getMessage());
    } catch (RuntimeException e) {
      LOG.error("old chunks could not be removed: {}", e.toString(), e);
    }
  }

  private void adoptFolder(String folder) {
    Set<String> named = named();
    stores.list(
        folder,
        key -> {
          boolean beside = key.indexOf('/', folder.length()) < 0;
          if (beside && !named.contains(key)) {
            unnamedSince.putIfAbsent(key, now.get());
          }
        });
    toAdopt.remove(folder);
  }

  private Set<String> named() {
    Set<String> named = new HashSet<>();
    playlists.get().forEach(playlist -> named.addAll(playlist.publishedKeys()));
    return named;
  }

  private void removeUnlessNeeded(String key, Set<String> named) {
    Optional<Path> file = files.apply(key);
    if (named.contains(key)) {
      unnamedSince.remove(key);
    } else if (file.isPresent() && !Files.exists(file.get(), LinkOption.NOFOLLOW_LINKS)) {
      boolean ours =
          stores.head(key).filter(object -> object.metadata().containsKey(WholeFiles.FILE)).isPresent();
      if (ours) {
        stores.delete(key);
        listener.happened(
            new LiveEvent(LiveEvent.Kind.REMOVED, "", key, "the media server removed it", Duration.ZERO, now.get()));
      }
      unnamedSince.remove(key);
    }
  }

  /** Objects that nobody names, and that are not due or whose files are still there. */
  int waiting() {
    return unnamedSince.size();
  }
}
