package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.failure.Failure;
import org.reelway.media.container.ContainerCheck;
import org.reelway.recording.SettledFiles.FileState;
import org.reelway.recording.SettledFiles.Settlement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the finished recordings of one folder: by marker, by hook, or because they have settled and their container is
 * whole. All become markers, and those become work in the queue.
 */
public final class FolderIntake implements FolderContent {
  private static final Logger LOG = LoggerFactory.getLogger(FolderIntake.class);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Duration GRACE_WITHOUT_SETTLE_TIME = Duration.ofSeconds(30);

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
  private final EarlyMarkers early;
  private final Leftovers leftovers = new Leftovers();
  private final FullLooks fullLooks = new FullLooks();
  private final Set<Path> reported = ConcurrentHashMap.newKeySet();
  private final Set<Path> created = ConcurrentHashMap.newKeySet();
  private volatile LookObserver lookObserver = (folders, unannounced) -> {};
  private volatile LookLog log = LookLog.NONE;
  private Set<String> saidUnreadable = Set.of();
  private Set<String> saidRefused = Set.of();

  /** Which recordings need no sending any more although their files are still there. */
  @FunctionalInterface
  public interface Sent {
    boolean contains(String recordingId);

    /** Asked once before a file is marked: in a folder that several sidecars share, another may have sent it. */
    default boolean isSentElsewhere(String recordingId) {
      return false;
    }
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

  /**
   * @param settleTime zero takes marked recordings only
   * @param clock should be steady, as {@link SteadyClock} is
   */
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
    this.scan = new FolderScan(folder, settleTime.isZero() ? Set.of() : extensions, this::isSent);
    this.early = new EarlyMarkers(settleTime.isZero() ? GRACE_WITHOUT_SETTLE_TIME : settleTime, sent);
    this.settled =
        settleTime.isZero() ? Optional.empty() : Optional.of(new SettledFiles(settleTime, LONGEST_PAUSE));
  }

  @Override
  public RecordingFolder folder() {
    return folder;
  }

  public MarkerQueue queue() {
    return queue;
  }

  @Override
  public LookLog log() {
    return log;
  }

  /** Files that have settled and are not whole. */
  @Override
  public List<SettledFiles.HeldBack> heldBack() {
    return settled.map(SettledFiles::heldBack).orElse(List.of());
  }

  @Override
  public void observe(LookObserver lookObserver) {
    this.lookObserver = lookObserver;
  }

  /** Markers whose recording has not come within the settle time. */
  public List<Path> markersWithoutRecording() {
    return early.withoutRecording(clock.instant());
  }

  /** Whether this very file needs no sending any more. */
  private boolean isSent(Path file) {
    try {
      return sent.contains(RecordingId.of(file, FileIdentity.of(file)));
    } catch (IOException goneAgain) {
      return false;
    }
  }

  /** Looks through the whole folder: the truth, whatever events said or did not say. */
  @Override
  public synchronized void rescan() {
    long begun = System.nanoTime();
    Instant now = clock.instant();
    boolean full = fullLooks.isDue(now);
    Set<Path> newNames = Set.copyOf(created);
    created.removeAll(newNames);
    FolderScan.Found found = scan.look(newNames, full, now);
    if (full) {
      fullLooks.done(now, since(begun));
    }
    List<Path> unannounced = List.of();
    Duration asked = early.asked();
    if (isThere(found)) {
      unannounced = take(found, now);
    } else {
      // What is in hand says itself that the folder is away; nobody else need try.
      queue.retainOnly(folder, List.of());
    }
    log = log.with(found, full, Instant.now(), since(begun).minus(early.asked().minus(asked)));
    lookObserver.looked(isThere(found) ? found.folders() : List.of(), unannounced);
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  private boolean isThere(FolderScan.Found found) {
    return !found.folders().isEmpty() && folder.trouble().isEmpty();
  }

  private List<Path> take(FolderScan.Found found, Instant now) {
    saidUnreadable =
        sayNew(found.unreadable(), saidUnreadable, "cannot look into {}; give Reelway's user the right to read it");
    if (found.unreadable().isEmpty()) {
      queue.retainOnly(folder, found.marked());
      claims.retainReserved(folder, found.marked());
      early.retainOnly(found.marked()).forEach(observer::withdrawn);
    }
    List<Path> unannounced = offer(found.marked(), true);
    found.refused().addAll(early.refused());
    saidRefused = sayNew(found.refused(), saidRefused, "{}");
    leftovers.tend(found.leftovers(), now);
    settled.ifPresent(files -> settle(files, found.unmarked(), now));
    return unannounced;
  }

  private static Set<String> sayNew(List<String> texts, Set<String> said, String message) {
    texts.stream().filter(text -> !said.contains(text)).forEach(text -> LOG.warn(message, text));
    return new HashSet<>(texts);
  }

  /**
   * @param scheduled as of {@link EarlyMarkers#orders}
   * @return the markers that were not known; those that are just being written are left to who writes them
   */
  private List<Path> offer(List<MarkedRecording> recordings, boolean scheduled) {
    List<Path> added = new ArrayList<>();
    Set<Path> waited = new HashSet<>();
    Map<MarkedRecording, MarkerContent> looked = new LinkedHashMap<>();
    for (MarkedRecording recording : recordings) {
      Path file = recording.file();
      if (!reported.contains(file) && !queue.contains(file)) {
        looked.put(recording, markers.read(recording));
        early.of(file).ifPresent(known -> waited.add(file));
      }
    }
    queue.offer(
        early.orders(looked, scheduled, clock.instant()),
        recording -> {
          // An event told of it, or might have, when it did not order anything yet.
          if (!waited.contains(recording.file())) {
            added.add(recording.marker());
          }
          observer.found(recording, "marker", looked.get(recording).streamName().orElse(null));
        });
    return added;
  }

  private void settle(SettledFiles files, List<Path> unmarked, Instant now) {
    files.retainOnly(new HashSet<>(unmarked));
    unmarked.forEach(file -> settle(files, file, now));
  }

  private void settle(SettledFiles files, Path file, Instant now) {
    try {
      FileIdentity identity = FileIdentity.of(file);
      FileState state = new FileState(identity.size(), identity.modifiedNanos());
      if (files.observe(file, state, now) == Settlement.SETTLED) {
        ContainerCheck.Verdict verdict = verdict(file);
        if (verdict.isWhole()) {
          markSettled(file, identity);
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

  /** Whether it is whole, and its writer has taken away what it put it together from. */
  private ContainerCheck.Verdict verdict(Path file) throws IOException {
    List<Path> scratch = ScratchFiles.beside(file);
    return scratch.isEmpty()
        ? containers.check(file)
        : ContainerCheck.Verdict.incomplete(
            "its media server is still putting it together: " + scratch.get(0).getFileName() + " is there");
  }

  /**
   * Claimed before it is marked: another sidecar that took this marker would leave a file that this one does not know as
   * sent, and marks again and again.
   */
  private void markSettled(Path file, FileIdentity identity) {
    if (!sent.isSentElsewhere(RecordingId.of(file, identity)) && claims.reserve(folder, file)) {
      mark(file, null, "settled");
    }
  }

  /**
   * Takes a recording that somebody reports as finished.
   *
   * @param stream its stream's name, or null
   * @param foundBy in words, such as hook, settled or released
   */
  public MarkedRecording mark(Path file, String stream, String foundBy) {
    // The marker's own event, or a scan, would else be quicker than this call, and the story say that a marker was found.
    reported.add(file);
    try {
      // A recording is not lost for the name of its stream; but a NUL is taken by no store and no program.
      MarkedRecording recording = markers.mark(folder, file, stream == null ? null : stream.replace('\0', '_'));
      queue.offer(List.of(recording), added -> observer.found(added, foundBy, stream));
      return recording;
    } finally {
      reported.remove(file);
    }
  }

  /** As {@link #mark}, but does nothing where this very file was sent already and is still there. */
  public void markUnlessSent(Path file, String stream, String foundBy) {
    // Not while its end takes the marker away and says that it is sent.
    markers.alone(file, () -> {
      if (!isSent(file)) {
        mark(file, stream, foundBy);
      }
    });
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

  /** What is remembered of the folder's files is not true any more: it was deleted, or made anew. */
  @Override
  public void renew(Path subfolder) {
    created.add(subfolder);
  }

  /** An event said that a name came to be; if it is a marker's, its recording need not wait for the next look. */
  @Override
  public Hint hint(Path path) {
    early.of(path).ifPresent(marked -> offer(List.of(marked), false));
    if (scan.isCandidate(path)) {
      created.add(path);
      return Hint.OTHER;
    }
    Optional<MarkedRecording> marked = scan.marker(path);
    if (marked.isEmpty()) {
      return Hint.OTHER;
    }
    return offer(marked.stream().toList(), false).isEmpty() ? Hint.KNOWN_MARKER : Hint.NEW_MARKER;
  }

  @Override
  public boolean catchUp() {
    List<MarkedRecording> due = early.due(clock.instant());
    if (!due.isEmpty()) {
      offer(due, false);
    }
    return early.isAnySoon(clock.instant());
  }
}
