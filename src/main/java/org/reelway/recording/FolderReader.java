package org.reelway.recording;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Reads the names in one folder, and looks only at those that are not known to need no thought. */
final class FolderReader {
  private final RecordingFolder folder;
  private final SideFiles sideFiles;
  private final Predicate<String> names;
  private final FolderScan.Finished finished;
  private final boolean shadow;
  private final long seed = new SecureRandom().nextLong();

  /**
   * @param names that may be recordings without a marker
   * @param shadow whether this reads the shadow folder, where only markers count
   */
  FolderReader(
      RecordingFolder folder,
      SideFiles sideFiles,
      Predicate<String> names,
      FolderScan.Finished finished,
      boolean shadow) {
    this.folder = folder;
    this.sideFiles = sideFiles;
    this.names = names;
    this.finished = finished;
    this.shadow = shadow;
  }

  /**
   * What is in a folder.
   *
   * @param decided names that need no thought until they are another file's
   * @param markers names of markers
   * @param candidates names of media files that are not finished
   * @param leftovers names of temporary files as Reelway makes them
   * @param refused names that cannot be taken, with the reason
   * @param folders by name
   */
  record Names(
      NameSet decided,
      List<String> markers,
      List<String> candidates,
      List<String> leftovers,
      List<String> refused,
      Map<String, KnownFolder> folders) {
    static final Names NONE = new Names(NameSet.EMPTY, List.of(), List.of(), List.of(), List.of(), Map.of());
  }

  /**
   * @param before what was in it at the last look
   * @param created files that are new although their name may be known
   * @param full whether every name is looked at, whatever was known
   */
  Names read(Path path, Names before, Set<Path> created, boolean full) throws IOException {
    Reading reading = new Reading(before, full ? NameSet.EMPTY : before.decided(), isHidden(path));
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        long hash = hash(name);
        boolean isNew = !created.isEmpty() && created.contains(entry);
        if (isNew || !reading.decided.meet(hash)) {
          reading.take(entry, name, hash);
        }
      }
      return reading.names();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  long hash(String name) {
    long hash = seed;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    hash *= 0xBF58476D1CE4E5B9L;
    return hash ^ hash >>> 32;
  }

  /** Whether it may be a recording without a marker, by its name and its folder's. */
  boolean isCandidate(Path file) {
    return isCandidate(file.getFileName().toString()) && !isHidden(file.getParent());
  }

  private boolean isCandidate(String name) {
    return !shadow
        && names.test(name)
        && sideFiles.reason(name).isEmpty()
        && !sideFiles.derived(name);
  }

  /** Programs keep there what they work on. A marker in such a folder counts as everywhere. */
  private boolean isHidden(Path path) {
    if (path.startsWith(folder.root())) {
      for (Path name : folder.root().relativize(path)) {
        if (name.toString().startsWith(".")) {
          return true;
        }
      }
    }
    return false;
  }

  /** A name that does not survive being read as text would lead to another file, or to none. */
  static boolean isText(Path file) {
    try {
      return file.resolveSibling(file.getFileName().toString()).equals(file);
    } catch (InvalidPathException unmappable) {
      return false;
    }
  }

  private final class Reading {
    private final Map<String, KnownFolder> knownFolders;
    private final boolean hidden;
    private final NameSet.Builder decided;
    private final List<String> markers = new ArrayList<>(0);
    private final List<String> candidates = new ArrayList<>(0);
    private final List<String> leftovers = new ArrayList<>(0);
    private final List<String> refused = new ArrayList<>(0);
    private final Map<String, KnownFolder> folders = new HashMap<>(0);

    Reading(Names before, NameSet known, boolean hidden) {
      this.hidden = hidden;
      this.knownFolders = before.folders();
      this.decided = new NameSet.Builder(known);
    }

    void take(Path entry, String name, long hash) {
      KnownFolder known = knownFolders.get(name);
      if (known != null && known.stamp() != null) {
        // Should it be no folder any more, the look into it says so, and the next one of this folder sees what it is.
        folders.put(name, known);
        return;
      }
      Optional<BasicFileAttributes> found = attributes(entry);
      if (found.isEmpty()) {
        return;
      }
      if (found.get().isDirectory() && Leftovers.isWorkFolder(name)) {
        decided.add(hash);
      } else if (found.get().isDirectory()) {
        folders.put(name, new KnownFolder(entry));
      } else if (!FolderReader.isText(entry)) {
        refuse(entry);
      } else if (folder.recordingOf(entry).isPresent()) {
        markers.add(name);
      } else if (Leftovers.isOurs(name)) {
        leftovers.add(name);
      } else if (!hidden && isCandidate(name) && found.get().isRegularFile() && !finished.test(entry)) {
        candidates.add(name);
      } else {
        decided.add(hash);
      }
    }

    private void refuse(Path entry) {
      if (!entry.getFileName().toString().startsWith(".")) {
        refused.add(entry + " is passed over: its name is not text in this system's encoding; rename it");
      }
    }

    /** Empty where it is gone again. */
    private Optional<BasicFileAttributes> attributes(Path entry) {
      try {
        return Optional.of(Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
      } catch (IOException goneAgain) {
        return Optional.empty();
      }
    }

    Names names() {
      return new Names(decided.build(), markers, candidates, leftovers, refused, folders);
    }
  }
}
