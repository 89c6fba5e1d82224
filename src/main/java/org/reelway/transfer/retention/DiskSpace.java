package org.reelway.transfer.retention;

import java.util.function.BiPredicate;
import org.reelway.settings.Watermark;

/**
 * What is free on a file system.
 *
 * @param device its number, as file identities hold it
 * @param freeBytes for programs without privileges
 * @param inodes 0 where the file system does not count them, or that cannot be seen
 */
record DiskSpace(String device, long freeBytes, long bytes, long freeInodes, long inodes) {

  /** Whether less is free than the mark asks for; a share counts for inodes as well. */
  boolean isBelow(Watermark mark) {
    BiPredicate<Long, Long> undercut = mark::isUndercut;
    boolean inodesCount = mark.percent() > 0 && inodes > 0;
    return !mark.isOff() && (undercut.test(freeBytes, bytes) || inodesCount && undercut.test(freeInodes, inodes));
  }

  /** What is free, about, once a file of that many bytes is deleted. */
  DiskSpace without(long fileBytes) {
    return new DiskSpace(device, freeBytes + fileBytes, bytes, freeInodes + 1, inodes);
  }

  /** For people. */
  String inWords() {
    String space = (freeBytes >> 20) + " of " + (bytes >> 20) + " MiB free";
    return inodes == 0 ? space : space + ", " + freeInodes + " of " + inodes + " inodes";
  }
}
