package org.reelway.stream.supervise;

import java.time.Duration;
import java.time.Instant;
import org.reelway.media.process.StuckSockets;

/** One run of the process that does a task. Used by one thread. */
public interface TaskRun {
  /** Hears what it says, without waiting. */
  void listen(Instant now);

  /** Media goes on and on: the target takes it. */
  boolean isThrough();

  boolean isAlive();

  /** How long nothing went on. */
  Duration stalled(Instant now, StuckSockets sockets);

  Duration age(Instant now);

  /** Pictures so far. */
  long frames();

  long bytes();

  /** One step towards its end, when it is time: asked, told (TERM), ended (KILL). */
  void end(Instant now, Duration grace);

  /** What is wrong while it runs, for people; without secrets. Empty where nothing is known. */
  default String trouble() {
    return "";
  }

  /** Why another run would do at once what this one does not, such as take a track that came late; empty for no such reason. */
  default String outdated() {
    return "";
  }

  /** Whether the stream is known to have pictures. */
  default boolean hasVideo() {
    return false;
  }

  /** Why it ended, for people; without secrets. */
  String ending();

  /** It ended for the source's sake: that says nothing about the target. */
  boolean isTroubleOfSource();

  long pid();
}
