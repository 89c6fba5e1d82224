package org.reelway.callback;

import org.reelway.failure.Sha256;

/** Ids that follow from what a callback is about, so that one that is added again after a crash is the same one. */
final class CallbackId {
  private static final int DIGITS = 32;

  private CallbackId() {}

  static String of(String receiver, Callback callback) {
    return "cb_" + hash(callback.kind() + "\0" + receiver + "\0" + callback.subject());
  }

  /** Of a fixed length, whatever somebody called a file or a stream. */
  static String queue(Callback callback) {
    return hash(callback.queue());
  }

  static String hash(String text) {
    return Sha256.hex(text, DIGITS);
  }
}
