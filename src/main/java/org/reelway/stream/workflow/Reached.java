package org.reelway.stream.workflow;

import java.time.Duration;

/**
 * How far a driver has come.
 *
 * @param isDone what is wanted is there
 * @param lookAgain when to call it again, done or not
 * @param waitsFor what it waits for, for people; empty where it is done
 */
public record Reached(boolean isDone, Duration lookAgain, String waitsFor) {
  private static final Duration DONE_AGAIN = Duration.ofMinutes(5);

  public static Reached done() {
    return new Reached(true, DONE_AGAIN, "");
  }

  public static Reached waiting(Duration lookAgain, String waitsFor) {
    return new Reached(false, lookAgain, waitsFor);
  }
}
