package org.reelway.recording;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A folder with all below it, remembered from look to look. Links are not followed. */
final class FolderTree {
  /** Longer than the coarsest step in which a local file system counts time: two seconds, on FAT. */
  private static final Duration LOCAL = Duration.ofSeconds(10);
  /** Longer than network clients trust what they remember: a minute, for folders on NFS. */
  private static final Duration SHARED = Duration.ofSeconds(90);

  private final KnownFolder root;
  private final FolderReader reader;
  private final Map<Long, Duration> quiet = new HashMap<>();
  private List<KnownFolder> there = List.of();

  FolderTree(Path root, FolderReader reader) {
    this.root = new KnownFolder(root);
    this.reader = reader;
  }

  /**
   * @param created see {@link FolderReader#read}
   * @return the folders that are there, the root first; empty where it is not
   */
  List<KnownFolder> look(Set<Path> created, boolean full, Instant now) {
    List<KnownFolder> seen = new ArrayList<>(there.size());
    Deque<KnownFolder> left = new ArrayDeque<>(List.of(root));
    while (!left.isEmpty()) {
      KnownFolder next = left.pop();
      if (next.look(reader, created, full, quiet(next), now)) {
        seen.add(next);
        next.folders().forEach(left::push);
      }
    }
    there = seen;
    return seen;
  }

  private Duration quiet(KnownFolder folder) {
    FolderStamp stamp = folder.stamp();
    if (stamp == null) {
      return SHARED;
    }
    return quiet.computeIfAbsent(
        stamp.device(), device -> FileSystemKind.of(folder.path()).isShared() ? SHARED : LOCAL);
  }

  FolderReader reader() {
    return reader;
  }
}
