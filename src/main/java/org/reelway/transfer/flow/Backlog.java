package org.reelway.transfer.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.reelway.recording.FolderIntake;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerQueue;

/** What is marked and not yet done, over all folders. */
public final class Backlog {
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final WatchedFolders folders;
  private final Clock clock;
  private long pendingBytes;
  private long measuredAt;

  public Backlog(WatchedFolders folders, Clock clock) {
    this.folders = folders;
    this.clock = clock;
  }

  private Set<MarkerQueue> queues() {
    Set<MarkerQueue> queues = new HashSet<>();
    for (FolderIntake intake : folders.all()) {
      queues.add(intake.queue());
    }
    return queues;
  }

  /** In hand or waiting. */
  public int recordings() {
    return queues().stream().mapToInt(MarkerQueue::size).sum();
  }

  /** Of recordings that wait, those in hand not counted; measured every few seconds at most. */
  public synchronized long pendingBytes() {
    long now = clock.millis();
    if (now - measuredAt > FRESH.toMillis()) {
      pendingBytes = queues().stream().flatMap(queue -> queue.backlog().stream()).mapToLong(Backlog::size).sum();
      measuredAt = now;
    }
    return pendingBytes;
  }

  private static long size(MarkedRecording recording) {
    try {
      return Files.size(recording.file());
    } catch (IOException gone) {
      return 0;
    }
  }

  /** How long the oldest marker has been there; zero when nothing waits. */
  public Duration oldestAge() {
    return queues().stream()
        .flatMap(queue -> queue.oldest().stream())
        .map(oldest -> Duration.between(oldest, clock.instant()))
        .max(Duration::compareTo)
        .filter(age -> !age.isNegative())
        .orElse(Duration.ZERO);
  }
}
