package org.reelway.recording;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What the system tells of names that come to be in folders. */
interface FolderEvents extends AutoCloseable {

  /** @return the same key for a folder that is watched already, also when it has moved since */
  WatchKey watch(Path folder) throws IOException;

  /** @return null when nothing was told within that time */
  WatchKey next(Duration patience) throws InterruptedException;

  @Override
  void close() throws IOException;

  /** Where events come from. */
  @FunctionalInterface
  interface Source {
    /** @throws IOException when the system gives no more, as with {@code fs.inotify.max_user_instances} */
    FolderEvents open() throws IOException;
  }

  /** Those of the operating system. */
  static FolderEvents ofSystem() throws IOException {
    return new OfSystem(FileSystems.getDefault().newWatchService());
  }

  /**
   * Only new names, moved ones included: each write to a recording would be an event too, and a media server writes
   * thousands of times a second.
   */
  record OfSystem(WatchService service) implements FolderEvents {
    @Override
    public WatchKey watch(Path folder) throws IOException {
      return folder.register(service, StandardWatchEventKinds.ENTRY_CREATE);
    }

    @Override
    public WatchKey next(Duration patience) throws InterruptedException {
      return service.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() throws IOException {
      service.close();
    }
  }
}
