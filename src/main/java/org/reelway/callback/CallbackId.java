package org.reelway.callback;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Ids that follow from what a callback is about, so that one that is added again after a crash is the same one. */
final class CallbackId {
  private static final int BYTES = 16;

  private CallbackId() {}

  static String of(String receiver, Callback callback) {
    return "cb_" + hash(callback.kind() + "\0" + receiver + "\0" + callback.subject());
  }

  /** Of a fixed length, whatever somebody called a file or a stream. */
  static String queue(Callback callback) {
    return hash(callback.queue());
  }

  static String hash(String text) {
    try {
      byte[] all = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(all, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
