package org.reelway.callback;

import java.time.Duration;

/**
 * How a try ended.
 *
 * @param status of the HTTP answer; 0 where there was none
 * @param problem for people; null where the callback was delivered
 * @param retryAfter how long the receiver asked to be left alone; null where it did not
 */
record Answer(Kind kind, int status, String problem, Duration retryAfter) {
  /** What follows from it. */
  enum Kind {
    DELIVERED,
    /** The receiver says that it never wants this again. */
    GONE,
    /** The receiver does not want this one, now. */
    REFUSED,
    /** The receiver can take nothing now: whatever else waits for it would meet the same. */
    AWAY
  }

  static Answer delivered(int status) {
    return new Answer(Kind.DELIVERED, status, null, null);
  }

  /** There is no answer of the receiver's, or none that says what it thinks of the callback. */
  static Answer away(String problem) {
    return new Answer(Kind.AWAY, 0, problem, null);
  }
}
