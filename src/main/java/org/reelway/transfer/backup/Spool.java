package org.reelway.transfer.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.DurableFiles;
import org.reelway.transfer.TransferStopped;
import org.reelway.transfer.store.Store;

/**
 * Brings the bytes of one recording after the other from the backup store to the disk, in ranges: never whole in memory,
 * and after a kill or a failure on from the byte where it was. A file that is whole is compared with the digest that was taken before it was
 * sent there.
 */
final class Spool {
  private static final long RANGE = 8L << 20;
  /** Of the disk, as much stays free as the disk guard's alarm is set to by default. */
  private static final int RESERVE_SHARE = 50;

  private final Path folder;
  private final Store store;
  private final BooleanSupplier stopping;

  Spool(Path folder, Store store, BooleanSupplier stopping) {
    this.folder = folder;
    this.store = store;
    this.stopping = stopping;
  }

  Path folder() {
    return folder;
  }

  private Path file(String id) {
    return folder.resolve(id + ".part");
  }

  /**
   * The recording's bytes on disk, whole and compared.
   *
   * @throws InputFailure when they are not those that were put there
   * @throws OurFailure when the disk has no room for them
   */
  Path fetch(BackupNote note) {
    Path file = file(note.id());
    try {
      Files.createDirectories(folder);
      long have = Files.exists(file) ? Files.size(file) : 0;
      if (have > note.size()) {
        Files.delete(file);
        have = 0;
      }
      requireRoom(note, note.size() - have);
      try (OutputStream out =
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        for (long at = have; at < note.size(); at += RANGE) {
          if (stopping.getAsBoolean()) {
            throw new TransferStopped(null);
          }
          long length = Math.min(RANGE, note.size() - at);
          store.get(note.place().bucket(), note.place().key(), at, length, out);
        }
      }
    } catch (IOException e) {
      throw new OurFailure("the recording of " + note.path() + " cannot be written to " + file + ": " + e, e);
    }
    requireSame(note, file);
    try {
      // What is told of the file is told of the one that was recorded.
      Files.setLastModifiedTime(file, FileTime.from(note.identity().modifiedNanos(), TimeUnit.NANOSECONDS));
    } catch (IOException e) {
      throw new OurFailure("the time of " + file + " cannot be set: " + e, e);
    }
    return file;
  }

  private void requireRoom(BackupNote note, long missing) throws IOException {
    java.nio.file.FileStore disk = Files.getFileStore(folder);
    long free = disk.getUsableSpace() - disk.getTotalSpace() / RESERVE_SHARE;
    if (missing > free) {
      throw new OurFailure(
          "the disk of " + folder + " has no room to bring back " + note.place().bucket() + "/" + note.place().key() + ": "
              + missing + " bytes are needed, " + Math.max(0, free) + " may be used; make room, it stays in the backup");
    }
  }

  private static void requireSame(BackupNote note, Path file) {
    String found = new FileDigest(file).hex();
    if (!found.equals(note.sha256())) {
      delete(file);
      throw new InputFailure(
          note.place().bucket() + "/" + note.place().key() + " in the backup is not what was put there: its SHA-256 is "
              + found + ", the file's was " + note.sha256() + "; bring it back from a version or a copy of the bucket");
    }
  }

  void delete(String id) {
    delete(file(id));
  }

  private static void delete(Path file) {
    try {
      DurableFiles.delete(file);
    } catch (IOException e) {
      throw new OurFailure(file + " cannot be deleted: " + e, e);
    }
  }
}
