package org.reelway.camel;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.conference.mixer.MixJob;
import org.reelway.conference.mixer.Mixes;

/**
 * Down while no mix can be made, or one waits for something that has to be mended. Told, and up, where a mix failed: that is
 * one recording's trouble. Not part of liveness.
 */
final class MixesHealth extends GuardedHealth {
  private static final int MOST_SAID = 3;

  private final Mixes jobs;
  private final Supplier<Optional<String>> settingsTrouble;

  /** @param settingsTrouble what is wrong with the mixer's settings */
  MixesHealth(Mixes jobs, Supplier<Optional<String>> settingsTrouble) {
    super("mixes", Scope.READY);
    this.jobs = jobs;
    this.settingsTrouble = settingsTrouble;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    List<MixJob> all = jobs.all();
    List<String> waiting =
        Stream.concat(
                settingsTrouble.get().stream(),
                all.stream().filter(job -> job.isToBeMixed() && !job.trouble().isEmpty()).map(MixJob::trouble))
            .distinct()
            .toList();
    List<String> lost =
        Stream.concat(
                all.stream().filter(job -> job.state() == MixJob.State.FAILED)
                    .map(job -> job.recording() + ": " + job.trouble()),
                jobs.unreadable().stream().map(folder -> folder + " has no note that can be read"))
            .toList();
    Map<MixJob.State, Long> counts = jobs.counts();
    long toBeMixed = counts.entrySet().stream().filter(each -> each.getKey().isToBeMixed()).mapToLong(Map.Entry::getValue).sum();
    builder.detail("mixes.waiting", toBeMixed)
        .detail("mixes.failed", counts.getOrDefault(MixJob.State.FAILED, 0L) + jobs.unreadable().size());
    if (!waiting.isEmpty()) {
      builder.message("mixes wait: " + words(waiting)).down();
    } else if (!lost.isEmpty()) {
      builder.message("not mixed: " + words(lost) + " (GET /mixes)").up();
    } else {
      builder.up();
    }
  }

  private static String words(List<String> all) {
    return String.join("; ", all.subList(0, Math.min(MOST_SAID, all.size())));
  }
}
