package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * Whether others can write to a file system behind this machine's back: its events then tell only what this machine
 * does, and attributes may be some time old.
 *
 * @param type as the system calls it, for instance {@code ext4}, {@code nfs4}, {@code fuse.sshfs}
 */
record FileSystemKind(String type) {
  private static final Set<String> SHARED =
      Set.of(
          "nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph", "glusterfs",
          "lustre", "gpfs", "beegfs", "pvfs2", "orangefs", "ocfs2", "gfs2", "davfs", "9p", "virtiofs", "vboxsf",
          "vmhgfs", "prl_fs", "fakeowner", "osxfs", "grpcfuse", "drvfs");

  static FileSystemKind of(Path folder) {
    try {
      return new FileSystemKind(Files.getFileStore(folder).type());
    } catch (IOException | SecurityException notTold) {
      return new FileSystemKind("unknown");
    }
  }

  /** fuseblk is a local disk behind FUSE, as NTFS is; every other FUSE file system may have other writers. */
  boolean isShared() {
    String name = type.toLowerCase(Locale.ROOT);
    return SHARED.contains(name) || name.equals("fuse") || name.startsWith("fuse.");
  }
}
