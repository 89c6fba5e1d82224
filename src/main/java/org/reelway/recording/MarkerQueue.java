package org.reelway.recording;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The work of one route, oldest marker first. A recording is handed out once at a time however often it is found, and
 * one that has to wait for its next try holds up no other. Holds no truth: a restart fills it again from the markers.
 */
public final class MarkerQueue {
  private static final Comparator<MarkedRecording> OLDEST_FIRST =
      Comparator.comparing(MarkedRecording::markedAt).thenComparing(MarkedRecording::file);

  private final Clock clock;
  private final TreeSet<MarkedRecording> ready = new TreeSet<>(OLDEST_FIRST);
  private final Map<Path, MarkedRecording> known = new HashMap<>();
  private final Map<Path, Waiting> waiting = new HashMap<>();
  private final Map<Path, MarkedRecording> inHand = new HashMap<>();
  private final Map<Path, Integer> tries = new HashMap<>();
  private boolean closed;

  private record Waiting(MarkedRecording recording, Instant until) {}

  public MarkerQueue(Clock clock) {
    this.clock = clock;
  }

  /**
   * Adds what is not known yet. A recording that was done since it was found has no marker any more and is not added.
   *
   * @param added told of each before anybody can take it, so that its story begins with that
   */
  public synchronized void offer(Collection<MarkedRecording> recordings, Consumer<MarkedRecording> added) {
    for (MarkedRecording recording : recordings) {
      Path file = recording.file();
      boolean isNew = !inHand.containsKey(file) && !known.containsKey(file);
      if (isNew && Files.exists(recording.marker(), LinkOption.NOFOLLOW_LINKS)) {
        added.accept(recording);
        known.put(file, recording);
        ready.add(recording);
      }
    }
    notifyAll();
  }

  /** Forgets work of the folder whose marker a whole look did not find any more; what is in hand stays. */
  public synchronized void retainOnly(RecordingFolder folder, Collection<MarkedRecording> found) {
    Set<Path> files = new HashSet<>();
    found.forEach(recording -> files.add(recording.file()));
    known.values().removeIf(recording -> recording.folder() == folder && forget(recording, files));
  }

  private boolean forget(MarkedRecording recording, Set<Path> found) {
    if (found.contains(recording.file())) {
      return false;
    }
    ready.remove(recording);
    waiting.remove(recording.file());
    tries.remove(recording.file());
    return true;
  }

  /** The oldest recording that may be worked on; empty when none came within the time, or the queue is closed. */
  public synchronized Optional<MarkedRecording> take(Duration patience) throws InterruptedException {
    Instant deadline = clock.instant().plus(patience);
    while (!closed) {
      Instant now = clock.instant();
      releaseWaiting(now);
      MarkedRecording next = ready.pollFirst();
      if (next != null) {
        known.remove(next.file());
        inHand.put(next.file(), next);
        return Optional.of(next);
      }
      if (!now.isBefore(deadline)) {
        return Optional.empty();
      }
      wait(Math.max(1, Duration.between(now, earliest(deadline)).toMillis()));
    }
    return Optional.empty();
  }

  private void releaseWaiting(Instant now) {
    waiting
        .values()
        .removeIf(
            entry -> {
              boolean due = !entry.until().isAfter(now);
              if (due) {
                ready.add(entry.recording());
              }
              return due;
            });
  }

  private Instant earliest(Instant deadline) {
    return waiting.values().stream()
        .map(Waiting::until)
        .filter(deadline::isAfter)
        .min(Comparator.naturalOrder())
        .orElse(deadline);
  }

  /** The recording went its whole way, or was set aside. */
  public synchronized void done(MarkedRecording recording) {
    inHand.remove(recording.file());
    tries.remove(recording.file());
    notifyAll();
  }

  /** Failed tries of this recording since it was last done, this one included. */
  public synchronized int failed(MarkedRecording recording) {
    return tries.merge(recording.file(), 1, Integer::sum);
  }

  /** Hands the recording out again, not before the time is up. */
  public synchronized void again(MarkedRecording recording, Duration after) {
    inHand.remove(recording.file());
    known.put(recording.file(), recording);
    waiting.put(recording.file(), new Waiting(recording, clock.instant().plus(after)));
    notifyAll();
  }

  /** Makes everything that waits for its next try ready now. */
  public synchronized void retryNow() {
    waiting.values().forEach(entry -> ready.add(entry.recording()));
    waiting.clear();
    notifyAll();
  }

  /** Ready, waiting and in hand. */
  public synchronized int size() {
    return known.size() + inHand.size();
  }

  public synchronized boolean contains(Path file) {
    return known.containsKey(file) || inHand.containsKey(file);
  }

  /** When the oldest recording that is not done was marked. */
  public synchronized Optional<Instant> oldest() {
    return Stream.concat(known.values().stream(), inHand.values().stream())
        .map(MarkedRecording::markedAt)
        .min(Comparator.naturalOrder());
  }

  /** Recordings that are not in hand. */
  public synchronized Collection<MarkedRecording> backlog() {
    return List.copyOf(known.values());
  }

  /** Ends every {@link #take}. */
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
