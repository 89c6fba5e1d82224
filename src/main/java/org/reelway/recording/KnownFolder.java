package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One folder as the last look saw it. Its names are read again only when its own times changed, or are so young that a
 * change since then might not show in them.
 */
final class KnownFolder {
  private final Path path;
  private FolderStamp stamp;
  private FolderScan.Subfolder subfolder;
  private Instant stampSince;
  private Instant readAt;
  private FolderReader.Names names = FolderReader.Names.NONE;
  private String unreadable;

  KnownFolder(Path path) {
    this.path = path;
  }

  /**
   * @param created see {@link FolderReader#read}
   * @param quiet how much later than the first sight of the folder's times its names must have been read: longer than
   *     the steps in which its file system counts time, and than what a network client remembers
   * @return whether the folder is there
   */
  boolean look(FolderReader reader, Set<Path> created, boolean full, Duration quiet, Instant now) {
    FolderStamp seen;
    try {
      seen = FolderStamp.of(path);
    } catch (IOException gone) {
      stamp = null;
      return false;
    }
    FolderStamp before = stamp;
    boolean another = before == null || !before.identity().equals(seen.identity());
    if (another || created.contains(path)) {
      names = FolderReader.Names.NONE;
    }
    if (another) {
      subfolder = new FolderScan.Subfolder(path, seen.identity(), seen.device());
    }
    if (!seen.equals(before)) {
      stamp = seen;
      stampSince = now;
      read(reader, created, full, now);
    } else if (full || unreadable != null || readAt == null
        || Duration.between(stampSince, readAt).compareTo(quiet) < 0) {
      read(reader, created, full, now);
    }
    return true;
  }

  private void read(FolderReader reader, Set<Path> created, boolean full, Instant now) {
    try {
      names = reader.read(path, names, created, full);
      readAt = now;
      unreadable = null;
    } catch (IOException e) {
      unreadable = path + ": " + e;
    }
  }

  /** Candidates that turned out to be finished need no thought until their folder changes. */
  void decide(Set<String> finished, FolderReader reader) {
    List<String> left = names.candidates().stream().filter(name -> !finished.contains(name)).toList();
    NameSet.Builder decided = new NameSet.Builder(names.decided()).withAll();
    finished.forEach(name -> decided.add(reader.hash(name)));
    names =
        new FolderReader.Names(
            decided.build(), names.markers(), left, names.leftovers(), names.refused(), names.folders());
  }

  Path path() {
    return path;
  }

  /** Null while it is not there. */
  FolderStamp stamp() {
    return stamp;
  }

  /** The same object as long as it is the same folder. */
  FolderScan.Subfolder subfolder() {
    return subfolder;
  }

  FolderReader.Names names() {
    return names;
  }

  Collection<KnownFolder> folders() {
    return names.folders().values();
  }

  /** Why its names could not be read. */
  Optional<String> unreadable() {
    return Optional.ofNullable(unreadable);
  }
}
