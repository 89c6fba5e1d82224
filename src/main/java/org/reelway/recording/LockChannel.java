package org.reelway.recording;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open lock file, and how many locks it carries: closed while it has one, it would drop them all. */
final class LockChannel {
  private static final Logger LOG = LoggerFactory.getLogger(LockChannel.class);

  private final FileChannel channel;
  private final String fileKey;
  private int locks;

  private LockChannel(FileChannel channel, String fileKey) {
    this.channel = channel;
    this.fileKey = fileKey;
  }

  static LockChannel open(Path file) throws IOException {
    FileChannel channel = openOrMake(file);
    try {
      return new LockChannel(channel, FileIdentity.of(file).fileKey());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static FileChannel openOrMake(Path file) throws IOException {
    try {
      FileChannel made =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      share(file);
      return made;
    } catch (FileAlreadyExistsException there) {
      return FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }
  }

  /** A sidecar of another user may claim as well when it may write the folder. */
  private static void share(Path file) {
    try {
      Set<PosixFilePermission> folder = Files.getPosixFilePermissions(file.getParent());
      Set<PosixFilePermission> own = Files.getPosixFilePermissions(file);
      if (folder.contains(PosixFilePermission.GROUP_WRITE)) {
        own.add(PosixFilePermission.GROUP_WRITE);
      }
      if (folder.contains(PosixFilePermission.OTHERS_WRITE)) {
        own.add(PosixFilePermission.OTHERS_WRITE);
      }
      Files.setPosixFilePermissions(file, own);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("{} keeps its rights: {}", file, e.toString());
    }
  }

  /** Whether this very file is at the path now. */
  boolean isOf(Path file) {
    try {
      return channel.isOpen() && FileIdentity.of(file).fileKey().equals(fileKey);
    } catch (IOException gone) {
      return false;
    }
  }

  /** @return null when another process has the byte */
  FileLock tryLock(long position) throws IOException {
    FileLock lock = channel.tryLock(position, 1, false);
    locks += lock == null ? 0 : 1;
    return lock;
  }

  void unlock(FileLock lock) {
    locks--;
    try {
      lock.release();
    } catch (IOException e) {
      LOG.debug("a claim ended with its channel: {}", e.toString());
    }
  }

  /** @param inUse whether more locks may come */
  void closeIfUnused(boolean inUse) {
    if (inUse || locks > 0) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("{}", e.toString());
    }
  }
}
