package org.reelway.failure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every Java has. */
public final class Sha256 {
  private Sha256() {}

  public static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public static byte[] of(String text) {
    return begin().digest(text.getBytes(StandardCharsets.UTF_8));
  }

  /** @param digits of 64, hexadecimal: enough of them name things */
  public static String hex(String text, int digits) {
    return HexFormat.of().formatHex(of(text)).substring(0, digits);
  }

  /** Of all that is in the file, hexadecimal. */
  public static String hex(Path file) throws IOException {
    MessageDigest sha256 = begin();
    ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      while (channel.read(chunk) >= 0) {
        sha256.update(chunk.flip());
        chunk.clear();
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }
}
