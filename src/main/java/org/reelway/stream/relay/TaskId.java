package org.reelway.stream.relay;

import org.reelway.failure.Sha256;

/** Ids of relays: the same for the same words, also after a restart. */
final class TaskId {
  private static final int DIGITS = 12;

  private TaskId() {}

  static String of(String... words) {
    return Sha256.hex(String.join("\0", words) + "\0", DIGITS);
  }
}
