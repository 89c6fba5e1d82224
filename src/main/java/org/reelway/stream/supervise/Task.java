package org.reelway.stream.supervise;

import java.time.Instant;
import java.util.function.Function;

/**
 * A stream to be copied for as long as it is on.
 *
 * @param id the same for the same stream and target
 * @param stream its name
 * @param target where it goes, for people; without secrets
 * @param group tasks that share a circuit breaker and totals
 * @param by who does it: {@code ffmpeg}, or the media server's kind
 * @param starter begins a run; may fail with a {@link org.reelway.failure.Failure}
 */
public record Task(
    String id, String stream, String target, String group, String by, Function<Instant, TaskRun> starter) {
  /** One that an ffmpeg of ours does. */
  public Task(String id, String stream, String target, String group, Function<Instant, TaskRun> starter) {
    this(id, stream, target, group, "ffmpeg", starter);
  }

  /** Its stream's name for a line of the log: a name may hold anything. */
  String streamShown() {
    return stream.replaceAll("\\p{Cntrl}", "?");
  }
}
