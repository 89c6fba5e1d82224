package org.reelway.state;

import java.util.Arrays;
import java.util.Optional;

/** Where a recording is on its way. */
public enum RecordingState {
  /** Marked; waits for its turn or its next try. */
  WAITING("waiting"),
  TRANSFERRING("transferring"),
  /** In the store, checked; what follows the transfer is left. */
  VERIFIED("verified"),
  /** Verified and tidied: nothing is left to do. */
  DONE("done"),
  /** Its own fault keeps it from being sent. */
  SET_ASIDE("set-aside"),
  /** A route decided that it is not sent. */
  SKIPPED("skipped"),
  /** Its marker was removed, by {@code on-restart=discard} or by somebody, or another file has its path. */
  DISCARDED("discarded");

  private final String word;

  RecordingState(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  public static Optional<RecordingState> of(String word) {
    return Arrays.stream(values()).filter(state -> state.word.equals(word)).findFirst();
  }
}
