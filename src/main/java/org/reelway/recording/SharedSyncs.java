package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * One sync of a folder serves all threads that asked for it before it began: with many small recordings in one folder, a
 * sync for each removed marker took a tenth of all CPU time.
 */
final class SharedSyncs {
  /** What makes a folder's entries durable. */
  @FunctionalInterface
  interface Sync {
    void of(Path folder) throws IOException;
  }

  private final Sync sync;
  private final Map<Path, Folder> folders = new HashMap<>();

  SharedSyncs(Sync sync) {
    this.sync = sync;
  }

  /** Syncs are numbered; the one that runs may have begun too early for those who ask meanwhile, the next one has not. */
  private static final class Folder {
    private long begun;
    /** The last one that succeeded. */
    private long done;
    private boolean running;
    private int asking;
  }

  /** Whoever waited for a sync that failed tries it himself. */
  void sync(Path path) throws IOException {
    Folder folder;
    synchronized (folders) {
      folder = folders.computeIfAbsent(path, first -> new Folder());
      folder.asking++;
    }
    try {
      if (isToRun(folder)) {
        run(path, folder);
      }
    } finally {
      synchronized (folders) {
        if (--folder.asking == 0) {
          folders.remove(path);
        }
      }
    }
  }

  /**
   * An interrupt does not end the wait: what was asked for is a few milliseconds away.
   *
   * @return false once another thread's sync was enough
   */
  private static boolean isToRun(Folder folder) {
    boolean interrupted = false;
    synchronized (folder) {
      try {
        long enough = folder.begun + 1;
        while (folder.running && folder.done < enough) {
          try {
            folder.wait();
          } catch (InterruptedException e) {
            // The sync may have ended at that very moment, and nobody would tell of it again: the loop looks.
            interrupted = true;
          }
        }
        if (folder.done >= enough) {
          return false;
        }
        folder.begun++;
        folder.running = true;
        return true;
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private void run(Path path, Folder folder) throws IOException {
    boolean synced = false;
    try {
      sync.of(path);
      synced = true;
    } finally {
      synchronized (folder) {
        folder.done = synced ? folder.begun : folder.done;
        folder.running = false;
        folder.notifyAll();
      }
    }
  }
}
