package org.reelway.transfer.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.reelway.failure.OurFailure;

/** A file's digest, read once when it is first asked for. */
final class Sha256 {
  private final Path file;
  private String digest;

  Sha256(Path file) {
    this.file = file;
  }

  /** In hexadecimal. */
  synchronized String hex() {
    if (digest == null) {
      digest = read();
    }
    return digest;
  }

  private String read() {
    ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      while (channel.read(chunk) >= 0) {
        sha256.update(chunk.flip());
        chunk.clear();
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (IOException e) {
      throw new OurFailure(file + " cannot be read: " + e + "; give Reelway's user the right to read it", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
