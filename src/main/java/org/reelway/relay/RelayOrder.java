package org.reelway.relay;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.reelway.failure.OurFailure;

/**
 * A stream to be sent to a destination for as long as it is on.
 *
 * @param stream its name
 * @param mark what the destination is told of where the stream has been, see {@link Via}
 */
record RelayOrder(String stream, StreamSource source, Destination destination, String mark) {
  private static final int DIGITS = 12;

  /** The same for the same stream, source and destination, also after a restart. */
  String id() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : new String[] {stream, source.uri(), destination.group()}) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new OurFailure("every Java has SHA-256", e);
    }
  }
}
