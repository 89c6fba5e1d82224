package org.reelway.app.support;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What lies in a folder, counted, and its disk.
 *
 * @param kinds files by the ends of their names
 * @param whole whether all of it was looked at: not where there is more than can be counted in seconds
 */
public record FolderCount(
    String folder, String fileSystem, long diskBytes, long freeBytes, long files, long bytes, long unreadable, Instant oldest,
    Instant newest, Map<String, Long> kinds, boolean whole) {
  private static final int MOST_FILES = 200_000;
  private static final int MOST_KINDS = 50;
  private static final Duration LONGEST = Duration.ofSeconds(5);

  /** @throws IOException it is not there, or cannot be looked into */
  public static FolderCount of(Path folder) throws IOException {
    FileStore disk = Files.getFileStore(folder);
    Counter counter = new Counter();
    Files.walkFileTree(folder, counter);
    return new FolderCount(
        folder.toAbsolutePath().normalize().toString(), disk.type(), disk.getTotalSpace(), disk.getUsableSpace(), counter.files,
        counter.bytes, counter.unreadable, counter.oldest, counter.newest, counter.kinds, counter.whole);
  }

  private static final class Counter extends SimpleFileVisitor<Path> {
    private final Map<String, Long> kinds = new TreeMap<>();
    private final long end = System.nanoTime() + LONGEST.toNanos();
    private long files;
    private long bytes;
    private long unreadable;
    private Instant oldest;
    private Instant newest;
    private boolean whole = true;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      files++;
      bytes += attributes.size();
      Instant modified = attributes.lastModifiedTime().toInstant();
      oldest = oldest == null || modified.isBefore(oldest) ? modified : oldest;
      newest = newest == null || modified.isAfter(newest) ? modified : newest;
      String kind = kind(file.getFileName().toString());
      kinds.merge(kinds.containsKey(kind) || kinds.size() < MOST_KINDS ? kind : "others", 1L, Long::sum);
      if (files >= MOST_FILES || System.nanoTime() > end) {
        whole = false;
        return FileVisitResult.TERMINATE;
      }
      return FileVisitResult.CONTINUE;
    }

    private static String kind(String name) {
      int dot = name.lastIndexOf('.');
      return dot <= 0 ? "without" : name.substring(dot + 1);
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException why) {
      unreadable++;
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException why) {
      unreadable += why == null ? 0 : 1;
      return FileVisitResult.CONTINUE;
    }
  }
}
