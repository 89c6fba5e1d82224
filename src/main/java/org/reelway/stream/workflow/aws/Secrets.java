package org.reelway.stream.workflow.aws;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Keys of ingests: who has one may publish. */
final class Secrets {
  /** What no message may hold, wherever it comes from. */
  static final String SHAPE = "rk[0-9a-f]{32}";

  private static final int BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  static String next() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return "rk" + HexFormat.of().formatHex(bytes);
  }
}
