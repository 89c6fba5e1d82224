package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * Which folder this is, and when names in it last changed. Times are compared with themselves only: the clock that made
 * them may be another machine's.
 *
 * @param device 0 where the file system tells none
 * @param identity device and inode, or whatever else tells this folder from another one at its path
 * @param modified when a name was last added, removed or renamed
 * @param changed as {@code modified}, but nobody can set it back
 */
record FolderStamp(long device, Object identity, FileTime modified, FileTime changed) {

  /**
   * @throws NotDirectoryException also for a link to a folder
   * @throws IOException when nothing is there, or it cannot be looked at
   */
  static FolderStamp of(Path folder) throws IOException {
    try {
      Map<String, Object> unix =
          Files.readAttributes(folder, "unix:dev,ino,lastModifiedTime,ctime,isDirectory", LinkOption.NOFOLLOW_LINKS);
      requireFolder(folder, (Boolean) unix.get("isDirectory"));
      long device = (Long) unix.get("dev");
      return new FolderStamp(
          device,
          new Inode(device, (Long) unix.get("ino")),
          (FileTime) unix.get("lastModifiedTime"),
          (FileTime) unix.get("ctime"));
    } catch (UnsupportedOperationException noUnixView) {
      BasicFileAttributes basic = Files.readAttributes(folder, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      requireFolder(folder, basic.isDirectory());
      return new FolderStamp(0, basic.creationTime(), basic.lastModifiedTime(), basic.lastModifiedTime());
    }
  }

  private static void requireFolder(Path folder, boolean isFolder) throws NotDirectoryException {
    if (!isFolder) {
      throw new NotDirectoryException(folder.toString());
    }
  }

  private record Inode(long device, long number) {}
}
