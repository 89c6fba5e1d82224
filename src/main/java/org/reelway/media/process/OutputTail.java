package org.reelway.media.process;

import java.nio.charset.StandardCharsets;

/** The end of what a program says; the beginning is let go, so that memory is bounded. Safe for several threads. */
final class OutputTail {
  private static final int KEPT = 8192;

  private final byte[] ring = new byte[KEPT];
  private long total;

  synchronized void keep(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      ring[(int) (total++ % KEPT)] = bytes[i];
    }
  }

  @Override
  public synchronized String toString() {
    int length = (int) Math.min(total, KEPT);
    byte[] last = new byte[length];
    for (int i = 0; i < length; i++) {
      last[i] = ring[(int) ((total - length + i) % KEPT)];
    }
    return new String(last, StandardCharsets.UTF_8).strip();
  }
}
