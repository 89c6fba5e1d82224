package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the system's watches in step with the folders that looks see. A watch sticks to the folder, not to its path: one
 * that is moved tells from its new place under its old name, and one that is hidden by a mount tells of what nobody sees.
 * So what counts is the path and the identity at the last look.
 */
final class Registrations {
  private final FolderEvents events;
  private final Map<Path, Watched> byPath = new HashMap<>();
  private final Map<WatchKey, Path> byKey = new HashMap<>();
  private String trouble = "";
  private int failed;
  private boolean gone;

  /** @param sinceLook number of the look after which it was watched */
  private record Watched(WatchKey key, Object identity, long sinceLook) {}

  Registrations(FolderEvents events) {
    this.events = events;
  }

  /**
   * @param folders all that the last look saw
   * @param look its number
   * @return whether folders are watched now that were not before
   */
  boolean follow(List<FolderScan.Subfolder> folders, long look) {
    Set<Path> there = new HashSet<>(folders.size() * 2);
    boolean more = false;
    failed = 0;
    gone = false;
    for (FolderScan.Subfolder folder : folders) {
      there.add(folder.path());
      Watched known = byPath.get(folder.path());
      if (known == null || !known.identity().equals(folder.identity()) || !known.key().isValid()) {
        more |= watch(folder, look);
      }
    }
    byPath.keySet().retainAll(there);
    dropUnused();
    return more;
  }

  private boolean watch(FolderScan.Subfolder folder, long look) {
    try {
      WatchKey key = events.watch(folder.path());
      byPath.put(folder.path(), new Watched(key, folder.identity(), look));
      byKey.put(key, folder.path());
      return true;
    } catch (IOException e) {
      byPath.remove(folder.path());
      if (!Files.isDirectory(folder.path(), LinkOption.NOFOLLOW_LINKS)) {
        gone = true;
        return false;
      }
      failed++;
      trouble = e.getMessage() == null ? e.toString() : e.getMessage();
      return false;
    }
  }

  /** A folder that was moved away goes on telling until its watch is taken back. */
  private void dropUnused() {
    Set<WatchKey> used = new HashSet<>(byPath.size() * 2);
    byPath.values().forEach(watched -> used.add(watched.key()));
    byKey.keySet().removeIf(
        key -> {
          boolean unused = !used.contains(key);
          if (unused) {
            key.cancel();
          }
          return unused;
        });
  }

  /** Where the folder of the key is now; null where it is not ours any more. */
  Path folder(WatchKey key) {
    return byKey.get(key);
  }

  /** Whether the folder was watched before the look before this one. */
  boolean wasWatchedBefore(Path folder, long look) {
    Watched watched = byPath.get(folder);
    return watched != null && watched.key().isValid() && watched.sinceLook() < look;
  }

  int watched() {
    return byPath.size();
  }

  /** Folders that the last call could not watch. */
  int failed() {
    return failed;
  }

  /** Whether the last call met folders that are not there any more, or were not for a moment. */
  boolean metGone() {
    return gone;
  }

  /** Why. */
  String trouble() {
    return trouble;
  }
}
