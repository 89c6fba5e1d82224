package org.reelway.transfer.backup;

import java.io.IOException;
import java.nio.file.Path;
import org.reelway.failure.OurFailure;
import org.reelway.failure.Sha256;

/** A file's SHA-256, read once when it is first asked for. */
final class FileDigest {
  private final Path file;
  private String digest;

  FileDigest(Path file) {
    this.file = file;
  }

  /** In hexadecimal. */
  synchronized String hex() {
    try {
      digest = digest == null ? Sha256.hex(file) : digest;
      return digest;
    } catch (IOException e) {
      throw new OurFailure(file + " cannot be read: " + e + "; give Reelway's user the right to read it", e);
    }
  }
}
