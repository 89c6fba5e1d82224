package org.reelway.transfer.store.http;

import java.time.Duration;
import org.reelway.transfer.store.http.TransportException.Kind;

/** How long to wait for an answer: for its next byte, and for it as a whole or at a rate. Used by one thread. */
final class AnswerLimit {
  private final long silenceMillis;
  /** Null where the answer may take as long as it moves. */
  private final Duration whole;
  private final Pace pace;
  private final long began = System.nanoTime();
  private long waitingSince = began;
  /** Whether the last wait was bounded by the end of the whole, rather than by silence. */
  private boolean nearEnd;

  private AnswerLimit(Duration silence, Duration whole, Pace pace) {
    this.silenceMillis = silence.toMillis();
    this.whole = whole;
    this.pace = pace;
  }

  /** An answer of a few lines: a peer that trickles it is cut off after the time. */
  static AnswerLimit whole(Duration silence, Duration whole) {
    return new AnswerLimit(silence, whole, null);
  }

  /** An answer of any size. */
  static AnswerLimit moving(Duration silence, Pace pace) {
    return new AnswerLimit(silence, null, pace);
  }

  /** The longest wait for the next byte. */
  long nextWaitMillis() {
    waitingSince = System.nanoTime();
    long left = whole == null ? Long.MAX_VALUE : Math.max(0, leftMillis());
    nearEnd = left < silenceMillis;
    return Math.min(silenceMillis, left);
  }

  private long leftMillis() {
    return whole.toMillis() - (System.nanoTime() - began) / 1_000_000;
  }

  void came(int bytes) throws TransportException {
    if (pace != null) {
      pace.moved(bytes);
      pace.waited(System.nanoTime() - waitingSince);
    } else if (leftMillis() <= 0) {
      throw expired();
    }
  }

  TransportException expired() {
    return whole != null && (nearEnd || leftMillis() <= 0)
        ? new TransportException(Kind.IDLE, "the answer was not whole after " + whole.toMillis() + " ms")
        : new TransportException(Kind.IDLE, "no byte of the answer came for " + silenceMillis + " ms");
  }
}
