package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.failure.Failure;
import org.reelway.recording.SettledFiles.FileState;
import org.reelway.recording.SettledFiles.Settlement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the finished recordings of one folder: by marker, by hook, or because they have settled and their container is
 * whole. All become markers, and those become work in the queue.
 */
public final class FolderIntake {
  private static final Logger LOG = LoggerFactory.getLogger(FolderIntake.class);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private final RecordingFolder folder;
  private final Markers markers;
  private final MarkerQueue queue;
  private final Sent sent;
  private final IntakeObserver observer;
  private final Clock clock;
  private final FolderScan scan;
  private final Optional<SettledFiles> settled;
  private final ContainerCheck containers = new ContainerCheck();
  private final Claims claims;
  private final Set<Path> reported = ConcurrentHashMap.newKeySet();
  private Set<String> saidUnreadable = Set.of();
  private Set<String> saidRefused = Set.of();

  /** Which recordings need no sending any more although their files are still there. */
  @FunctionalInterface
  public interface Sent {
    boolean contains(String recordingId);
  }

  /** For a folder that no other sidecar works on. */
  public FolderIntake(
      RecordingFolder folder,
      Markers markers,
      MarkerQueue queue,
      Set<String> extensions,
      Duration settleTime,
      Sent sent,
      IntakeObserver observer,
      Clock clock) {
    this(folder, markers, queue, extensions, settleTime, sent, observer, clock, new Claims());
  }

  /** @param settleTime zero takes marked recordings only */
  public FolderIntake(
      RecordingFolder folder,
      Markers markers,
      MarkerQueue queue,
      Set<String> extensions,
      Duration settleTime,
      Sent sent,
      IntakeObserver observer,
      Clock clock,
      Claims claims) {
    this.claims = claims;
    this.folder = folder;
    this.markers = markers;
    this.queue = queue;
    this.sent = sent;
    this.observer = observer;
    this.clock = clock;
    this.scan = new FolderScan(folder, settleTime.isZero() ? Set.of() : extensions);
    this.settled =
        settleTime.isZero() ? Optional.empty() : Optional.of(new SettledFiles(settleTime, LONGEST_PAUSE));
  }

  public RecordingFolder folder() {
    return folder;
  }

  public MarkerQueue queue() {
    return queue;
  }

  /** Looks through the whole folder: the truth, whatever events said or did not say. */
  public synchronized void rescan() {
    FolderScan.Found found = scan.look();
    saidUnreadable = sayNew(found.unreadable(), saidUnreadable, "cannot look into {}; give Reelway's user the right to read it");
    saidRefused = sayNew(found.refused(), saidRefused, "{}");
    if (found.unreadable().isEmpty()) {
      queue.retainOnly(folder, found.marked());
      claims.retainReserved(folder, found.marked());
    }
    offer(found.marked(), "marker");
    settled.ifPresent(files -> settle(files, found.unmarked()));
  }

  private static Set<String> sayNew(List<String> texts, Set<String> said, String message) {
    texts.stream().filter(text -> !said.contains(text)).forEach(text -> LOG.warn(message, text));
    return new HashSet<>(texts);
  }

  private void offer(List<MarkedRecording> recordings, String foundBy) {
    queue.offer(
        recordings,
        recording -> observer.found(recording, foundBy, markers.read(recording).streamName().orElse(null)));
  }

  private void settle(SettledFiles files, List<Path> unmarked) {
    Instant now = clock.instant();
    Set<Path> waiting = new HashSet<>();
    for (Path file : unmarked) {
      if (isUnsent(file)) {
        waiting.add(file);
      }
    }
    files.retainOnly(waiting);
    waiting.forEach(file -> settle(files, file, now));
  }

  private boolean isUnsent(Path file) {
    try {
      return !sent.contains(RecordingId.of(file, FileIdentity.of(file)));
    } catch (IOException goneAgain) {
      return false;
    }
  }

  private void settle(SettledFiles files, Path file, Instant now) {
    try {
      FileIdentity identity = FileIdentity.of(file);
      FileState state = new FileState(identity.size(), identity.modifiedNanos());
      if (files.observe(file, state, now) == Settlement.SETTLED) {
        ContainerCheck.Verdict verdict = containers.check(file);
        if (verdict.isWhole()) {
          markSettled(file);
          files.forget(file);
        } else {
          files.incomplete(file, verdict.reason(), now);
          observer.heldBack(file, verdict.reason());
        }
      }
    } catch (IOException | Failure e) {
      LOG.debug("{} is looked at again later: {}", file, e.toString());
    }
  }

  /**
   * Claimed before it is marked: another sidecar that took this marker would leave a file that this one does not know as
   * sent, and marks again and again.
   */
  private void markSettled(Path file) {
    if (claims.reserve(folder, file)) {
      mark(file, null, "settled");
    }
  }

  /**
   * Takes a recording that somebody reports as finished.
   *
   * @param stream its stream's name, or null
   * @param foundBy hook, settled or released
   */
  public MarkedRecording mark(Path file, String stream, String foundBy) {
    // The marker's own event would else be quicker than this call, and the story say that a marker was found.
    reported.add(file);
    try {
      MarkedRecording recording = markers.mark(folder, file, stream);
      queue.offer(List.of(recording), added -> observer.found(added, foundBy, stream));
      return recording;
    } finally {
      reported.remove(file);
    }
  }

  /** Takes the file of a dead writer, of which {@link Recoveries} has a note. */
  public MarkedRecording markRecovered(Path file, String foundBy) {
    MarkedRecording recording = markers.markRecovered(folder, file);
    queue.offer(List.of(recording), added -> observer.found(added, foundBy, null));
    return recording;
  }

  /** Whether files without a marker are taken at all. */
  public boolean takesUnmarked() {
    return settled.isPresent();
  }

  /** An event said that something is at this path; if it is a marker, its recording need not wait for the next look. */
  void hint(Path path) {
    scan.marker(path)
        .filter(recording -> !reported.contains(recording.file()))
        .ifPresent(recording -> offer(List.of(recording), "marker"));
  }
}
