package org.reelway.recording;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shortens the time between a marker and its transfer by file system events. Only a hint: events get lost, and on
 * network mounts there are none, so whatever they miss the next rescan finds.
 */
public final class FolderWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

  private final FolderIntake intake;
  private final WatchService events;
  private final Thread thread;

  /** @param events null where the system gives none */
  private FolderWatch(FolderIntake intake, WatchService events) {
    this.intake = intake;
    this.events = events;
    this.thread = new Thread(this::run, "watch-" + intake.folder().root().getFileName());
    thread.setDaemon(true);
  }

  /** Never fails: without events, recordings are found by the rescan. */
  public static FolderWatch start(FolderIntake intake) {
    try {
      FolderWatch watch = new FolderWatch(intake, FileSystems.getDefault().newWatchService());
      watch.register(intake.folder().root());
      watch.thread.start();
      return watch;
    } catch (IOException e) {
      LOG.warn("no events of {} ({}): its recordings are found by the rescan", intake.folder(), e.toString());
      return new FolderWatch(intake, null);
    }
  }

  private void register(Path folder) {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Files.walkFileTree(folder, new Registration());
    } catch (IOException e) {
      LOG.warn("no events of {} ({}): its recordings are found by the rescan", folder, e.toString());
    }
  }

  private final class Registration extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
      folder.register(events, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }

  private void run() {
    try {
      while (true) {
        WatchKey key = events.take();
        Path folder = (Path) key.watchable();
        for (WatchEvent<?> event : key.pollEvents()) {
          handle(folder, event);
        }
        key.reset();
      }
    } catch (ClosedWatchServiceException | InterruptedException stopping) {
      LOG.debug("no more events of {}", intake.folder());
    }
  }

  private void handle(Path folder, WatchEvent<?> event) {
    try {
      if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
        intake.rescan();
        return;
      }
      Path path = folder.resolve((Path) event.context());
      intake.hint(path);
      boolean isNew = event.kind() == StandardWatchEventKinds.ENTRY_CREATE;
      if (isNew && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        register(path);
        // What was put in before the registration made no event.
        intake.rescan();
      }
    } catch (RuntimeException e) {
      LOG.debug("an event of {} was not used: {}", folder, e.toString());
    }
  }

  @Override
  public void close() {
    if (events == null) {
      return;
    }
    try {
      events.close();
      thread.join(1000);
    } catch (IOException e) {
      LOG.debug("{}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
