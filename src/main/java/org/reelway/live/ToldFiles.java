package org.reelway.live;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.reelway.failure.DaemonThreads;
import org.reelway.recording.FolderFiles;
import org.reelway.recording.RecordingFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of a live folder that a media server tells of, beside the folder's watch or instead of it. What is told is a hint
 * and nothing more: whatever order, number and truth the hints have, what is published follows from the files.
 */
public final class ToldFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ToldFiles.class);
  /** A server may tell of a playlist before it has written it. */
  private static final long[] AGAIN_MILLIS = {100, 300, 1000, 3000, 10_000};
  private static final int MOST_AWAITED = 2000;
  /** Linux knows no longer path; one that is not there yet may still be any. */
  private static final int LONGEST_PATH = 4096;
  /** Between two listings of a folder; more where listing takes long. */
  private static final long LIST_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int LISTING_SHARE = 50;

  private final RecordingFolder folder;
  private final Predicate<String> playlists;
  private final FolderFiles.Listener listener;
  private final ScheduledThreadPoolExecutor timer;
  /** Playlists that are looked at again, with how often they were. */
  private final Map<Path, Integer> awaited = new ConcurrentHashMap<>();
  /** Folders with the time from which they may be listed again. */
  private final Map<Path, Long> listAfter = new ConcurrentHashMap<>();

  /** @param playlists by file name */
  public ToldFiles(RecordingFolder folder, Predicate<String> playlists, FolderFiles.Listener listener) {
    this.folder = folder;
    this.playlists = playlists;
    this.listener = listener;
    this.timer = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("live-told"));
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  public RecordingFolder folder() {
    return folder;
  }

  /**
   * Where the file lies, links in its folders resolved; it need not be there, nor its folder.
   *
   * @param file absolute, or relative to this folder
   * @return empty where that is outside of the folder
   */
  public Optional<Path> locate(Path file) {
    Path absolute = folder.root().resolve(file).normalize();
    if (absolute.getFileName() == null || absolute.toString().length() > LONGEST_PATH) {
      return Optional.empty();
    }
    for (Path there = absolute.getParent(); there != null; there = there.getParent()) {
      try {
        Path real = there.toRealPath().resolve(there.relativize(absolute)).normalize();
        return real.startsWith(folder.root()) && !real.equals(folder.root()) ? Optional.of(real) : Optional.empty();
      } catch (IOException notThere) {
        // Its parent may be.
      }
    }
    return Optional.empty();
  }

  /** @param file as {@link #locate} gave it: a chunk or playlist that was written, or removed */
  public void told(Path file) {
    if (isPlaylist(file)) {
      boolean waits = awaited.containsKey(file);
      look(file);
      if (waits || awaited.size() < MOST_AWAITED) {
        awaited.put(file, 0);
        if (!waits) {
          lookLater(file, 0);
        }
      }
    } else {
      findPlaylists(file);
      listener.created(file);
    }
  }

  private boolean isPlaylist(Path file) {
    return playlists.test(file.getFileName().toString());
  }

  private void look(Path playlist) {
    if (Files.isRegularFile(playlist, LinkOption.NOFOLLOW_LINKS)) {
      listener.created(playlist);
    }
  }

  private void lookLater(Path playlist, int times) {
    try {
      timer.schedule(() -> lookAgain(playlist), AGAIN_MILLIS[times], TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopping) {
      awaited.remove(playlist);
    }
  }

  private void lookAgain(Path playlist) {
    try {
      look(playlist);
    } catch (RuntimeException e) {
      LOG.error("{} could not be looked at: {}", playlist, e.toString(), e);
    }
    // From the start where it was told of again meanwhile.
    Integer times = awaited.computeIfPresent(playlist, (path, done) -> done + 1 < AGAIN_MILLIS.length ? done + 1 : null);
    if (times != null) {
      lookLater(playlist, times);
    }
  }

  /** Nobody may ever tell of the playlist itself. */
  private void findPlaylists(Path chunk) {
    Path at = folder.root();
    boolean isThere = listAtTimes(at);
    Iterator<Path> names = at.relativize(chunk.getParent()).iterator();
    // Below one that is not there, there is none.
    while (isThere && names.hasNext()) {
      at = at.resolve(names.next());
      isThere = listAtTimes(at);
    }
    if (listAfter.size() > MOST_AWAITED) {
      listAfter.values().removeIf(after -> System.nanoTime() - after >= 0);
    }
  }

  /** @return whether there is such a folder */
  private boolean listAtTimes(Path at) {
    long now = System.nanoTime();
    Long after = listAfter.get(at);
    if (after != null && now - after < 0) {
      return true;
    }
    boolean isThere = list(at);
    if (isThere) {
      long took = System.nanoTime() - now;
      listAfter.put(at, now + Math.max(LIST_EVERY_NANOS, took * LISTING_SHARE));
    }
    return isThere;
  }

  private boolean list(Path at) {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(at, this::isPlaylist)) {
      found.forEach(this::look);
      return true;
    } catch (IOException | java.nio.file.DirectoryIteratorException notThere) {
      LOG.debug("{} is not looked into: {}", at, notThere.toString());
      return false;
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
