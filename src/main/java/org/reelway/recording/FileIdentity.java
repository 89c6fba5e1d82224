package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What makes a file this file and no other, as long as nobody writes to it.
 *
 * @param fileKey {@code device:inode}, or {@code -} where the file system has neither
 * @param size bytes
 * @param modifiedNanos last modification, nanoseconds since the epoch
 */
public record FileIdentity(String fileKey, long size, long modifiedNanos) {

  /**
   * @throws NoSuchFileException when nothing is there; with a reason where something else than a regular file is, as
   *     {@link #whyNone} tells
   */
  public static FileIdentity of(Path file) throws IOException {
    try {
      Map<String, Object> unix =
          Files.readAttributes(
              file,
              "unix:dev,ino,size,lastModifiedTime,isRegularFile,isDirectory,isSymbolicLink",
              LinkOption.NOFOLLOW_LINKS);
      requireRegular(
          file,
          (Boolean) unix.get("isRegularFile"),
          (Boolean) unix.get("isDirectory"),
          (Boolean) unix.get("isSymbolicLink"));
      return new FileIdentity(
          unix.get("dev") + ":" + unix.get("ino"),
          (Long) unix.get("size"),
          nanos((FileTime) unix.get("lastModifiedTime")));
    } catch (UnsupportedOperationException noUnixView) {
      BasicFileAttributes basic =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      requireRegular(file, basic.isRegularFile(), basic.isDirectory(), basic.isSymbolicLink());
      return new FileIdentity("-", basic.size(), nanos(basic.lastModifiedTime()));
    }
  }

  /** Whether a regular file has the path. */
  public static boolean isThere(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Whether this is the file of the other look, where only the device's number may differ: a network mount has another
   * one on every host, and after every mount. Enough to go on with parts that are compared with the file; never enough
   * to delete one.
   */
  public boolean sameApartFromDevice(FileIdentity other) {
    return withoutDevice().equals(other.withoutDevice());
  }

  /** With the inode alone as the file's key. */
  FileIdentity withoutDevice() {
    return new FileIdentity(fileKey.substring(fileKey.indexOf(':') + 1), size, modifiedNanos);
  }

  private static void requireRegular(Path file, boolean regular, boolean folder, boolean link)
      throws NoSuchFileException {
    if (!regular) {
      throw new NoSuchFileException(file.toString(), null, other(folder, link));
    }
  }

  private static String other(boolean folder, boolean link) {
    if (folder) {
      return "is a folder";
    }
    return link ? "is a link, and links are not followed" : "is a pipe, a socket or a device";
  }

  /** What to say of a path that {@link #of} found no file at: {@code is not there}, {@code is a folder} and the like. */
  public static String whyNone(NoSuchFileException none) {
    return none.getReason() == null ? "is not there" : none.getReason();
  }

  private static long nanos(FileTime time) {
    return time.to(TimeUnit.NANOSECONDS);
  }

  /** {@code device:inode:size:modifiedNanos}; {@link #parse} reads it. */
  public String text() {
    return fileKey + ":" + size + ":" + modifiedNanos;
  }

  /** Empty where the text is not of the form that {@link #text} writes. */
  public static Optional<FileIdentity> parse(String text) {
    if (text == null) {
      return Optional.empty();
    }
    int beforeModified = text.lastIndexOf(':');
    int beforeSize = text.lastIndexOf(':', beforeModified - 1);
    if (beforeSize <= 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new FileIdentity(
              text.substring(0, beforeSize),
              Long.parseLong(text.substring(beforeSize + 1, beforeModified)),
              Long.parseLong(text.substring(beforeModified + 1))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
