package org.reelway.stream.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.reelway.media.process.LongChild;

/** What all runs of ffmpeg have in common: how they are ended, and what their end means. Used by one thread. */
public abstract class FfmpegRun implements TaskRun {
  /** Of every ffmpeg that is supervised: its words are understood then. */
  protected static final List<String> LOG_OPTIONS = FfmpegLog.OPTIONS;
  /**
   * Codecs as they are, and times that go on where the sender's clock is set back, or ahead by half a day: ffmpeg would have
   * every picture until the old time come at the same moment, and players wait for a day. Each track counts for itself.
   */
  public static final List<String> COPIED = copied();
  private static final Duration BETWEEN_SIGNALS = Duration.ofMillis(200);

  private final LongChild child;
  private final KnownTracks tracks;
  private final FfmpegLog log;
  private final Instant startedAt;
  private Instant openedAt;
  private int stopSteps;
  private Instant nextStopStep;

  private static List<String> copied() {
    String jump = "gt(N,0)*(lt(DTS,PREV_INDTS-0.3/TB)+gt(DTS,PREV_INDTS+43200/TB))";
    String step = "min(max(ld(1),0.001/TB),1/TB)";
    String shift =
        "if(" + jump + ",st(0,ld(0)+PREV_INDTS-DTS+" + step + "),if(gt(N,0),st(1,DTS-PREV_INDTS)));";
    String times = "setts=dts='" + shift + "DTS+ld(0)':pts='" + shift + "PTS+ld(0)'";
    return List.of("-c", "copy", "-bsf:v", times, "-bsf:a", times);
  }

  /** @param tracks of the stream, of which it learns */
  protected FfmpegRun(LongChild child, KnownTracks tracks, Instant startedAt) {
    this.child = child;
    this.tracks = tracks;
    this.log = new FfmpegLog(tracks);
    this.startedAt = startedAt;
  }

  /**
   * What every ffmpeg that copies a stream is told first: where to read, and that all pictures and sounds are wanted.
   *
   * @param input its options, {@code -i} and the URL included
   */
  protected static List<String> arguments(List<String> input) {
    List<String> all = new ArrayList<>(FfmpegLog.OPTIONS);
    all.addAll(input);
    all.addAll(List.of("-map", "0:v?", "-map", "0:a?"));
    return all;
  }

  /** Hears what it says on both outputs. */
  protected final void hear(Consumer<String> linesOfStandardOutput, Instant now) {
    child.listen(linesOfStandardOutput, log::take);
    noteOpening(now);
  }

  /** Likewise, where somebody else reads its standard output. */
  protected final void hearErrors(Instant now) {
    child.listenToErrors(log::take);
    noteOpening(now);
  }

  private void noteOpening(Instant now) {
    openedAt = openedAt == null && log.hasOpened() ? now : openedAt;
  }

  /** How long nothing went on since then; while it looks for tracks, nothing can. */
  protected final Duration stalledSince(Instant grownAt, Instant now) {
    Instant from = openedAt == null ? startedAt.plus(tracks.patience()) : openedAt;
    return Duration.between(grownAt.isAfter(from) ? grownAt : from, now);
  }

  @Override
  public String outdated() {
    return log.hasLateTrack() && tracks.isWorthAnotherRun() ? "a track came that was not there at first" : "";
  }

  @Override
  public boolean hasVideo() {
    return tracks.hasVideo();
  }

  @Override
  public boolean isAlive() {
    return child.isAlive();
  }

  @Override
  public Duration age(Instant now) {
    return Duration.between(startedAt, now);
  }

  /**
   * {@code q} first: ffmpeg then finishes what it has. It does not while it waits for a server that says nothing any more; a
   * second TERM ends that, and it finishes then.
   */
  @Override
  public void end(Instant now, Duration grace) {
    if (nextStopStep != null && now.isBefore(nextStopStep)) {
      return;
    }
    switch (stopSteps++) {
      case 0 -> child.type("q\n");
      case 1, 2 -> child.terminate();
      default -> child.kill();
    }
    nextStopStep = now.plus(stopSteps == 2 ? BETWEEN_SIGNALS : grace);
  }

  @Override
  public String ending() {
    int code = child.exitCode();
    String why = FfmpegWords.why(withoutSecrets(log.words()));
    return code == 0 ? "the source ended" : "ffmpeg ended with " + code + (why.isEmpty() ? "" : ": " + why);
  }

  /** What may be shown of ffmpeg's words. */
  protected abstract String withoutSecrets(String words);

  @Override
  public boolean isTroubleOfSource() {
    return child.exitCode() == 0 || log.words().contains("Error opening input");
  }

  @Override
  public long pid() {
    return child.pid();
  }
}
