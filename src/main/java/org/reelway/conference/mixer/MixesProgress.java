package org.reelway.conference.mixer;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How far the mixes are that run now.
 *
 * @param share of all that they are to make, 0 to 1; 0 where none runs
 * @param left until the last of them is done; empty where none runs, and while nobody can know
 */
public record MixesProgress(double share, Optional<Duration> left) {

  public static MixesProgress of(List<MixJob> jobs) {
    List<MixProgress> running = jobs.stream().map(MixJob::progress).filter(Objects::nonNull).toList();
    long done = running.stream().mapToLong(MixProgress::doneMicros).sum();
    long all = running.stream().mapToLong(MixProgress::allMicros).sum();
    Optional<Duration> left =
        running.stream().allMatch(each -> each.left().isPresent())
            ? running.stream().flatMap(each -> each.left().stream()).max(Duration::compareTo)
            : Optional.empty();
    return new MixesProgress(all == 0 ? 0 : Math.min(1, (double) done / all), left);
  }
}
