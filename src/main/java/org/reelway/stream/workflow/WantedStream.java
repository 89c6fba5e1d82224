package org.reelway.stream.workflow;

import java.time.Duration;
import java.util.Optional;

/**
 * What is wanted of a stream.
 *
 * @param segmentLength of the archive
 * @param startoverWindow how far back viewers may go
 * @param keyRotation how long one key encrypts what viewers get
 * @param isLive whether it is wanted on the public live address
 * @param session the one that is wanted, or that is to be closed; empty where none was ever started, or the last one is closed
 */
public record WantedStream(
    String id, String name, String description, Duration segmentLength, Duration startoverWindow, Duration keyRotation,
    Wanted wanted, boolean isLive, Optional<Session> session) {
  /** What becomes of it. */
  public enum Wanted {
    /** It is there, and its session, if any, is closed with a whole archive. */
    STOPPED,
    /** Its session is open: it takes media and packages it. */
    STARTED,
    /** Nothing is left of it but its archives. */
    DELETED
  }
}
