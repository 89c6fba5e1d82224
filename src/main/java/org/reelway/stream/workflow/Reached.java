package org.reelway.stream.workflow;

import java.time.Duration;

/**
 * How far a driver has come.
 *
 * @param isDone what is wanted is there
 * @param lookAgain when to call it again, done or not
 * @param waitsFor what it waits for, for people; where it is done: what is amiss beside the session and its archive, else empty
 */
public record Reached(boolean isDone, Duration lookAgain, String waitsFor) {
  private static final Duration DONE_AGAIN = Duration.ofMinutes(5);

  public static Reached done() {
    return new Reached(true, DONE_AGAIN, "");
  }

  /** The session is as it is wanted, and something beside it is not, such as the public address: it is told, and tried again. */
  public static Reached doneBut(Duration lookAgain, String amiss) {
    return new Reached(true, lookAgain, amiss);
  }

  public static Reached waiting(Duration lookAgain, String waitsFor) {
    return new Reached(false, lookAgain, waitsFor);
  }
}
