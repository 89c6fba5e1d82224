package org.reelway.transfer.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** The digest that people compare files by. */
final class FileDigest {
  private FileDigest() {}

  /** In hexadecimal, as {@code sha256sum} prints it; empty where the file cannot be read. */
  static Optional<String> sha256(Path file) {
    MessageDigest sha256 = newSha256();
    ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      while (channel.read(chunk) >= 0) {
        sha256.update(chunk.flip());
        chunk.clear();
      }
    } catch (IOException unreadable) {
      return Optional.empty();
    }
    return Optional.of(HexFormat.of().formatHex(sha256.digest()));
  }

  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
