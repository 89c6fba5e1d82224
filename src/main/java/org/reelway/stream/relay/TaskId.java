package org.reelway.stream.relay;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.reelway.failure.OurFailure;

/** Ids of relays: the same for the same words, also after a restart. */
final class TaskId {
  private static final int DIGITS = 12;

  private TaskId() {}

  static String of(String... words) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : words) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new OurFailure("every Java has SHA-256", e);
    }
  }
}
