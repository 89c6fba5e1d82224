package org.reelway.conference.mixer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;

/**
 * Where a mix is made: a hidden folder beside its recording, locked by the one that works there, so that no file is mixed
 * twice at a time. One that a killed mix left is used again.
 */
final class WorkFolder implements AutoCloseable {
  private static final String GRAPH = "graph.txt";
  private static final String LOCK = "lock";
  private static final String FINISHED = "finished.mp4";

  private final Path folder;
  private final FileChannel channel;

  private WorkFolder(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /** @throws InputFailure the file is being mixed */
  static WorkFolder of(Path mixed) throws IOException {
    Path folder = mixed.resolveSibling("." + mixed.getFileName() + ".mixing");
    Files.createDirectories(folder);
    FileChannel channel =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new WorkFolder(folder, channel);
      }
    } catch (OverlappingFileLockException inThisProcess) {
      // As when another process has it.
    }
    channel.close();
    throw new InputFailure(mixed + " is being written by another mix; wait for that one, or end it");
  }

  Path folder() {
    return folder;
  }

  /** Where the finished mix is put together. */
  Path finished() {
    return folder.resolve(FINISHED);
  }

  Path write(FilterGraph graph) throws IOException {
    for (Map.Entry<Path, String> text : graph.texts().entrySet()) {
      Files.writeString(text.getKey(), text.getValue());
    }
    return Files.writeString(folder.resolve(GRAPH), graph.text());
  }

  /** Lets go of it, and removes it. */
  @Override
  public void close() throws IOException {
    try (channel;
        Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }
}
