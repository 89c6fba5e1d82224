package org.reelway.conference.mixer;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * A recording that is to be mixed, as others see it.
 *
 * @param id names the job
 * @param recording path that it had when it was handed over; it may be gone from there by now
 * @param recorderUri of the multi-recorder; empty for none
 * @param created when the recording began
 * @param length of the recording; zero where nobody said
 * @param trouble why it does not go on, or went wrong last; empty for nothing
 * @param tries how often it was begun
 * @param progress of the mix that runs; null for none
 * @param held a name of ours of the recording, which it has for as long as there is the job
 * @param identity text of the recording's {@code FileIdentity}, as it was handed over; empty where nobody knows
 * @param worker sidecar of the fleet that has it, or had it last; null where it is of this sidecar alone
 */
public record MixJob(
    String id, Path recording, String recorderUri, Instant created, Duration length, State state, String trouble,
    int tries, MixProgress progress, Path held, String identity, String worker) {

  /** What is said of it. */
  public enum State {
    /** Its turn has not come. */
    WAITING,
    MIXING,
    /** It goes on when enough space is free. */
    NO_ROOM,
    /** It cannot be mixed; what was recorded is where it was. */
    FAILED,
    /** Somebody wanted that. */
    CANCELLED;

    /** In lower case, as the API and metrics have it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether one goes on by itself. */
    public boolean isToBeMixed() {
      return this != FAILED && this != CANCELLED;
    }

    static State of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  /** Whether it goes on by itself. */
  public boolean isToBeMixed() {
    return state.isToBeMixed();
  }
}
