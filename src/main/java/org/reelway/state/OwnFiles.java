package org.reelway.state;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.reelway.failure.OurFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What nobody but Reelway's user may read: bodies of callbacks, addresses of streams. */
final class OwnFiles {
  private static final Logger LOG = LoggerFactory.getLogger(OwnFiles.class);
  private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  private OwnFiles() {}

  /** Makes the folder; one that is there is closed to others. */
  static void folder(Path folder) throws IOException {
    Path parent = folder.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(parent);
      create(folder, () -> Files.createDirectory(folder, attributes(folder, FOLDER)));
    }
    close(folder, FOLDER);
  }

  /** Makes an empty file; one that is there is closed to others. */
  static void file(Path file) throws IOException {
    create(file, () -> Files.createFile(file, attributes(file, FILE)));
    close(file, FILE);
  }

  static void fileOrFail(Path file) {
    try {
      file(file);
    } catch (IOException e) {
      throw new OurFailure("the state " + file + " cannot be made: " + e, e);
    }
  }

  @FunctionalInterface
  private interface Creation {
    Path run() throws IOException;
  }

  private static void create(Path path, Creation creation) throws IOException {
    try {
      creation.run();
    } catch (FileAlreadyExistsException there) {
      LOG.trace("{} is there", path);
    }
  }

  private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> rights) {
    return knowsRights(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(rights)}
        : new FileAttribute<?>[0];
  }

  private static boolean knowsRights(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static void close(Path path, Set<PosixFilePermission> rights) {
    if (!knowsRights(path)) {
      return;
    }
    try {
      PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
      if (!rights.containsAll(view.readAttributes().permissions())) {
        view.setPermissions(rights);
      }
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("others may read {}: it cannot be closed to them ({}); let it belong to Reelway's user", path, e.toString());
    }
  }
}
