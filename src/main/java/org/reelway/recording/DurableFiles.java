package org.reelway.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Changes to small files that a power failure leaves done or not done, never half done. */
public final class DurableFiles {
  private DurableFiles() {}

  /** Temporary file, fsync, rename, fsync of the folder. */
  public static void write(Path file, byte[] content) throws IOException {
    Path temporary = file.resolveSibling(Leftovers.newName());
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    syncFolder(file.getParent());
  }

  /** Whether the file was there. */
  public static boolean delete(Path file) throws IOException {
    boolean deleted = Files.deleteIfExists(file);
    if (deleted) {
      syncFolder(file.getParent());
    }
    return deleted;
  }

  /** Makes creations, renames and deletions in the folder durable; a no-op where folders cannot be synced. */
  public static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      if (Files.isDirectory(folder) && !System.getProperty("os.name").startsWith("Windows")) {
        throw e;
      }
    }
  }
}
