package org.reelway.supervise;

import java.time.Duration;
import java.time.Instant;
import org.reelway.process.LongChild;

/** What all runs of ffmpeg have in common: how they are ended, and what their end means. Used by one thread. */
public abstract class FfmpegRun implements TaskRun {
  private final LongChild child;
  private final Instant startedAt;
  private int stopSteps;
  private Instant nextStopStep;

  protected FfmpegRun(LongChild child, Instant startedAt) {
    this.child = child;
    this.startedAt = startedAt;
  }

  @Override
  public boolean isAlive() {
    return child.isAlive();
  }

  @Override
  public Duration age(Instant now) {
    return Duration.between(startedAt, now);
  }

  /** {@code q} first: ffmpeg then finishes what it has. */
  @Override
  public void end(Instant now, Duration grace) {
    if (nextStopStep != null && now.isBefore(nextStopStep)) {
      return;
    }
    switch (stopSteps++) {
      case 0 -> child.type("q\n");
      case 1 -> child.terminate();
      default -> child.kill();
    }
    nextStopStep = now.plus(grace);
  }

  @Override
  public String ending() {
    int code = child.exitCode();
    String why = FfmpegWords.why(withoutSecrets(child.lastWords()));
    return code == 0 ? "the source ended" : "ffmpeg ended with " + code + (why.isEmpty() ? "" : ": " + why);
  }

  /** What may be shown of ffmpeg's words. */
  protected abstract String withoutSecrets(String words);

  @Override
  public boolean isTroubleOfSource() {
    return child.exitCode() == 0 || child.lastWords().contains("Error opening input");
  }

  @Override
  public long pid() {
    return child.pid();
  }
}
