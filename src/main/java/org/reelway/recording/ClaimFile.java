package org.reelway.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.reelway.failure.Sha256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The claims in one folder: locks on single bytes of a hidden file in it, one byte a recording. The kernel, or the
 * server of a network mount (NFSv4, SMB), gives them up when the process ends, however it ends.
 */
final class ClaimFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClaimFile.class);

  /** Hidden, so that nobody takes it for a recording. */
  static final String NAME = ".reelway.lock";

  private final Path file;
  private final Map<String, Held> held = new HashMap<>();
  private LockChannel current;
  private boolean said;

  /** What this process has; without a lock where none can be had, against its own other workers then. */
  private static final class Held {
    private final LockChannel channel;
    private final FileLock lock;
    private boolean reserved;

    Held(LockChannel channel, FileLock lock) {
      this.channel = channel;
      this.lock = lock;
    }
  }

  ClaimFile(Path folder) {
    this.file = folder.resolve(NAME);
  }

  synchronized Optional<Claim> take(String path) {
    Held had = held.get(path);
    if (had == null) {
      return acquire(path) == null ? Optional.empty() : Optional.of(() -> release(path));
    }
    boolean kept = had.reserved;
    had.reserved = false;
    return kept ? Optional.of(() -> release(path)) : Optional.empty();
  }

  synchronized boolean reserve(String path) {
    Held had = held.get(path);
    if (had != null) {
      return had.reserved;
    }
    Held acquired = acquire(path);
    if (acquired == null) {
      return false;
    }
    acquired.reserved = true;
    return true;
  }

  synchronized void retainReserved(Collection<String> paths) {
    Set<String> kept = new HashSet<>(paths);
    held.entrySet().stream()
        .filter(entry -> entry.getValue().reserved && !kept.contains(entry.getKey()))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::release);
  }

  /** Null while another process has it. */
  private Held acquire(String path) {
    Held acquired;
    try {
      LockChannel channel = channel();
      FileLock lock = channel.tryLock(position(path));
      if (lock == null) {
        channel.closeIfUnused(channel == current);
        return null;
      }
      said = false;
      acquired = new Held(channel, lock);
    } catch (OverlappingFileLockException sameProcess) {
      // Two names with one hash, or a second sidecar inside this process.
      return null;
    } catch (IOException e) {
      say(e);
      dropCurrent();
      acquired = new Held(null, null);
    }
    held.put(path, acquired);
    return acquired;
  }

  /** The file may have been deleted, or its file system mounted anew: other sidecars lock the one that is there now. */
  private LockChannel channel() throws IOException {
    if (current != null && !current.isOf(file)) {
      dropCurrent();
    }
    if (current == null) {
      current = LockChannel.open(file);
    }
    return current;
  }

  private void dropCurrent() {
    if (current != null) {
      current.closeIfUnused(false);
      current = null;
    }
  }

  private void say(IOException e) {
    // A folder that is not there has no recordings either.
    if (!said && !(e instanceof NoSuchFileException)) {
      LOG.info(
          "no claims in {} ({}): should a second sidecar work on this folder, recordings may be read and sent twice;"
              + " none is lost by it",
          file.getParent(),
          e.toString());
      said = true;
    }
  }

  private synchronized void release(String path) {
    Held had = held.remove(path);
    if (had != null && had.lock != null) {
      had.channel.unlock(had.lock);
      had.channel.closeIfUnused(had.channel == current);
    }
  }

  /** Far from the end of what a lock's position may be. */
  static long position(String path) {
    return ByteBuffer.wrap(Sha256.of(path)).getLong() >>> 2;
  }

  /** Gives everything up; the file stays, as another sidecar may have it open. */
  @Override
  public synchronized void close() {
    new HashSet<>(held.keySet()).forEach(this::release);
    dropCurrent();
  }
}
