package org.reelway.state;

import java.time.Instant;
import java.util.Locale;

/**
 * How the operator's program of a recording stands.
 *
 * @param recordingId of the recording, as the program found it, or left it once it has ended
 * @param place the id of the recording's path alone
 * @param identity the file's, as text; likewise
 * @param mark in the environment of the run's processes
 * @param tries runs that have ended with "try again", since the first or since a release
 * @param exitCode of the last run; null while there is none, and where the time limit ended it
 * @param problem why it failed, or is tried again; null where all is well
 * @param endedAt null while it runs
 */
public record ProgramRecord(
    String recordingId, String place, String identity, State state, String mark, int tries, Integer exitCode,
    String problem, Instant begunAt, Instant endedAt) {

  /** Where it stands. */
  public enum State {
    /** Runs, or was cut off. */
    RUNNING,
    /** Wants to be run again. */
    AGAIN,
    DONE,
    /** Done, and the file is not there any more. */
    TOOK,
    /** And has left the file as it was. */
    FAILED,
    /** Failed, and has changed the file. */
    SPOILED,
    /** The recording was set aside for it. */
    HELD;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }
}
