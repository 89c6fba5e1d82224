package org.reelway.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.reelway.failure.InputFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a state folder to one sidecar: two would carry the same streams, and deliver the same callbacks. The system gives it
 * back when the process ends, however it ends.
 */
public final class StateLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StateLock.class);
  /** One that is being stopped may take so long to go. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long PAUSE_MILLIS = 100;

  private final FileChannel channel;

  private StateLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Where the file system knows no locks, this is said, and nothing is kept.
   *
   * @throws InputFailure another process has it
   */
  public static StateLock take(Path stateFolder) {
    Path file = stateFolder.resolve("sidecar.lock");
    try {
      OwnFiles.folder(stateFolder);
    } catch (IOException e) {
      // Whoever opens the state says what is wrong with its folder.
      return new StateLock(null);
    }
    try {
      FileChannel channel = FileChannel.open(
          file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      try {
        await(channel, file);
        return new StateLock(channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      LOG.warn(
          "the state folder {} cannot be locked ({}): see that no second sidecar has it, two would do the same work twice",
          stateFolder, e.toString());
      return new StateLock(null);
    }
  }

  private static void await(FileChannel channel, Path file) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!isTaken(channel)) {
      if (System.nanoTime() > end) {
        throw new InputFailure(
            "reelway.state.folder: " + file.getParent() + " is in use by another Reelway (process " + Files.readString(file).strip()
                + "); end that one, or name a folder of its own for each");
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InputFailure("stopped while " + file + " was waited for");
      }
    }
  }

  private static boolean isTaken(FileChannel channel) throws IOException {
    try {
      if (channel.tryLock() == null) {
        return false;
      }
    } catch (OverlappingFileLockException thisProcess) {
      return true;
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
    return true;
  }

  @Override
  public void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      LOG.debug("{}", e.toString());
    }
  }
}
