package org.reelway.camel.dashboard;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Throughput, delay and backlog of the last hours, for plots. Taken every ten seconds, and kept only while there is something
 * to see: a quiet night is one line between two zeros.
 */
public final class DashboardSamples {
  /** Six hours in which something happens all the time, some 100 KB. */
  private static final int MOST = 2160;

  private final Deque<Sample> kept = new ArrayDeque<>();
  private Sample newest;
  private long sentBefore;

  /** @param delaySeconds of live chunks and playlists; @param recordings that are marked and not done */
  private record Sample(long at, long bytesPerSecond, double delaySeconds, long backlogBytes, int recordings) {
    boolean isQuiet() {
      return bytesPerSecond == 0 && delaySeconds == 0 && backlogBytes == 0 && recordings == 0;
    }
  }

  /** One array for each plotted line. @param at seconds since 1970 */
  public record Columns(
      List<Long> at, List<Long> bytesPerSecond, List<Double> delaySeconds, List<Long> backlogBytes,
      List<Integer> recordings) {}

  /** @param sent bytes since the start */
  public synchronized void take(Instant now, long sent, double delaySeconds, long backlogBytes, int recordings) {
    long at = now.getEpochSecond();
    long seconds = newest == null ? 0 : at - newest.at();
    long rate = seconds <= 0 ? 0 : Math.max(0, sent - sentBefore) / seconds;
    Sample sample = new Sample(at, rate, delaySeconds, backlogBytes, recordings);
    boolean wasQuiet = newest == null || newest.isQuiet();
    if (!sample.isQuiet() && wasQuiet && newest != null && kept.peekLast() != newest) {
      keep(newest);
    }
    if (!sample.isQuiet() || !wasQuiet) {
      keep(sample);
    }
    newest = sample;
    sentBefore = sent;
  }

  private void keep(Sample sample) {
    kept.add(sample);
    if (kept.size() > MOST) {
      kept.remove();
    }
  }

  synchronized Columns after(Instant time) {
    List<Sample> wanted = kept.stream().filter(sample -> sample.at() > time.getEpochSecond()).toList();
    return new Columns(
        wanted.stream().map(Sample::at).toList(), wanted.stream().map(Sample::bytesPerSecond).toList(),
        wanted.stream().map(Sample::delaySeconds).toList(), wanted.stream().map(Sample::backlogBytes).toList(),
        wanted.stream().map(Sample::recordings).toList());
  }
}
