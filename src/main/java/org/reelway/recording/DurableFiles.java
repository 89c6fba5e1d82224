package org.reelway.recording;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Changes to small files that a power failure leaves done or not done, never half done. */
public final class DurableFiles {
  /** Paths and names, and what is wrong, in bytes. */
  private static final int LARGEST_NOTE = 32 * 1024;

  /** One of the process: it is the kernel's work that is shared. */
  private static final SharedSyncs SYNCS = new SharedSyncs(DurableFiles::syncNow);

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

  /**
   * All of a small file.
   *
   * @throws IOException also where it has more bytes: whatever lies there takes no more memory
   */
  public static byte[] read(Path file, int most) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = Files.size(file) > most ? null : in.readNBytes(most);
      if (bytes == null || in.read() >= 0) {
        throw new IOException(file + " has more than " + most + " bytes, and none that is meant has so many");
      }
      return bytes;
    }
  }

  /** As {@link #read}, of a note of ours that tells of one thing. */
  public static byte[] readNote(Path file) throws IOException {
    return read(file, LARGEST_NOTE);
  }

  /**
   * Gives the file a second name, at once, where nothing has that name yet; a whole copy where the file system knows no second
   * names, or the other folder is on another one. Durable once its folder is synced.
   *
   * @throws FileAlreadyExistsException when something has the name
   */
  public static void link(Path file, Path name) throws IOException {
    try {
      Files.createLink(name, file);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      copy(file, name);
    }
  }

  private static void copy(Path file, Path name) throws IOException {
    // The same after a kill: what lies there then is replaced.
    Path temporary = name.resolveSibling(Leftovers.nameFor(name));
    try {
      Files.copy(file, temporary, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel copy = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        copy.force(true);
      }
      // Not atomic by its option, which replaces: this one looks first, and renames then.
      Files.move(temporary, name);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  /** Whether the file was there. */
  public static boolean delete(Path file) throws IOException {
    boolean deleted = Files.deleteIfExists(file);
    if (deleted) {
      syncFolder(file.getParent());
    }
    return deleted;
  }

  /**
   * Makes creations, renames and deletions in the folder durable; a no-op where folders cannot be synced. Returns when a
   * sync that began after the call is over; threads that ask for the same folder at the same time share it.
   */
  public static void syncFolder(Path folder) throws IOException {
    SYNCS.sync(folder);
  }

  private static void syncNow(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      if (Files.isDirectory(folder) && !System.getProperty("os.name").startsWith("Windows")) {
        throw e;
      }
    }
  }
}
