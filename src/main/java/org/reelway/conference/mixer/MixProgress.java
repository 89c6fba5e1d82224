package org.reelway.conference.mixer;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a mix is.
 *
 * @param doneMicros of the timeline
 * @param allMicros of the timeline; 0 while it is not known
 * @param spent since it began
 */
public record MixProgress(long doneMicros, long allMicros, Duration spent) {
  private static final double TOO_EARLY = 0.01;

  /** 0 to 1. */
  public double share() {
    return allMicros == 0 ? 0 : Math.min(1, (double) doneMicros / allMicros);
  }

  /** Empty while nobody can know. */
  public Optional<Duration> left() {
    return share() < TOO_EARLY
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.round(spent.toMillis() * (1 - share()) / share())));
  }
}
