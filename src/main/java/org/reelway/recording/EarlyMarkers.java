package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.reelway.recording.MarkerContent.Start;
import org.reelway.recording.MarkerContent.Unusable;
import org.reelway.recording.MarkerContent.Verified;

/**
 * Files that are called like markers and order nothing yet: their recording is not there, their text is no marker's, or
 * somebody has them open and may write into them. Uploaders name files in progress so, and so nothing here is ever touched;
 * each is looked at until it has not changed for the grace time.
 */
final class EarlyMarkers {
  /** Who makes a marker has it open for a moment, and the event is quick. */
  private static final Duration MOMENT = Duration.ofSeconds(2);

  private final SettledFiles grace;
  private final FolderIntake.Sent sent;
  private final OpenFiles open = new OpenFiles();
  /** Of asking every process of the machine, which is too dear for every event in a storm of them. */
  private final LookBudget asking = new LookBudget(20);
  private Duration asked = Duration.ZERO;
  private final Duration patience;
  /** By recording. */
  private final Map<Path, MarkedRecording> waiting = new HashMap<>();
  /** Of these, those that are markers and whose recording is not there, and since when that is known. */
  private final Map<Path, Instant> lonely = new HashMap<>();
  /** Of these, those that may order their recording at once, and until when it pays to look again soon. */
  private final Map<Path, Instant> soon = new HashMap<>();
  private final Map<Path, String> refused = new HashMap<>();

  /** @param grace how long a marker may be there before its recording, and a text that is no marker's before it counts */
  EarlyMarkers(Duration grace, FolderIntake.Sent sent) {
    this.grace = new SettledFiles(grace, grace);
    this.patience = grace;
    this.sent = sent;
  }

  /**
   * Takes note of a look at markers.
   *
   * @param scheduled whether the look was at the whole folder; else it has to be cheap
   * @return those that order their recording now; after the grace time also one that is not there, to be set aside
   */
  synchronized List<MarkedRecording> orders(
      Map<MarkedRecording, MarkerContent> looked, boolean scheduled, Instant now) {
    Set<MarkedRecording> empty =
        looked.keySet().stream()
            .filter(recording -> looked.get(recording).equals(Start.EMPTY) && FileIdentity.isThere(recording.file()))
            .collect(Collectors.toSet());
    if (!empty.isEmpty() && !scheduled && !asking.allows(now)) {
      empty.forEach(recording -> {
        waiting.put(recording.file(), recording);
        soon.put(recording.file(), Instant.MAX);
      });
      looked.keySet().removeAll(empty);
      empty.clear();
    }
    Set<Path> held = held(empty);
    return looked.keySet().stream()
        .filter(each -> orders(each, looked.get(each), held.contains(each.marker()), now))
        .toList();
  }

  private Set<Path> held(Collection<MarkedRecording> recordings) {
    long begun = System.nanoTime();
    Set<Path> held = open.written(recordings.stream().map(MarkedRecording::marker).toList());
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    asking.spend(took);
    asked = asked.plus(took);
    return held;
  }

  private boolean orders(MarkedRecording recording, MarkerContent content, boolean held, Instant now) {
    Path file = recording.file();
    boolean there = FileIdentity.isThere(file);
    boolean usable = !(content instanceof Unusable);
    if (usable && !held && (there || content instanceof Verified)) {
      forget(file);
      return true;
    }
    MarkedRecording before = waiting.put(file, recording);
    if (usable && !there) {
      lonely.putIfAbsent(file, now);
    } else {
      lonely.remove(file);
    }
    if (held) {
      if (before == null || soon.get(file) == Instant.MAX) {
        soon.put(file, now.plus(MOMENT));
      }
      return false;
    }
    boolean written = before != null && !before.markedAt().equals(recording.markedAt());
    boolean over = !isSetAside(recording) && hasRested(recording.marker(), now);
    boolean orders = over && (usable ? held(List.of(recording)).isEmpty() : there);
    if (content instanceof Unusable unusable && !orders && (over || written)) {
      refused.put(file, text(recording.marker(), unusable.reason()));
    }
    return orders;
  }

  /** Those that it pays to look at again now. */
  synchronized List<MarkedRecording> due(Instant now) {
    return isAnySoon(now) && asking.allows(now) ? soon.keySet().stream().map(waiting::get).toList() : List.of();
  }

  /** Whether some may order their recording within a moment; a scheduled look finds them too. */
  synchronized boolean isAnySoon(Instant now) {
    soon.values().removeIf(until -> !until.isAfter(now));
    return !soon.isEmpty();
  }

  /** How long processes were asked so far, which is no part of what a look at the folder takes. */
  synchronized Duration asked() {
    return asked;
  }

  static String text(Path marker, String reason) {
    return marker + " is passed over: it " + reason + "; it is another program's, or still being written, and stays as"
        + " it is";
  }

  /** It was said already that its file is missing. */
  private boolean isSetAside(MarkedRecording recording) {
    return !FileIdentity.isThere(recording.file()) && sent.contains(RecordingId.ofMissing(recording.file()));
  }

  private boolean hasRested(Path marker, Instant now) {
    try {
      BasicFileAttributes found =
          Files.readAttributes(marker, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      SettledFiles.FileState state =
          new SettledFiles.FileState(found.size(), found.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS));
      return grace.observe(marker, state, now) == SettledFiles.Settlement.SETTLED;
    } catch (IOException gone) {
      return false;
    }
  }

  /** The marker that waits for the file. */
  synchronized Optional<MarkedRecording> of(Path file) {
    return Optional.ofNullable(waiting.get(file));
  }

  /** Markers whose recording has not come within the grace time. */
  synchronized List<Path> withoutRecording(Instant now) {
    return lonely.entrySet().stream()
        .filter(entry -> !entry.getValue().plus(patience).isAfter(now))
        .map(entry -> waiting.get(entry.getKey()).marker())
        .sorted()
        .toList();
  }

  /** Why files are passed over. */
  synchronized List<String> refused() {
    return new ArrayList<>(refused.values());
  }

  /**
   * Forgets what a whole look did not find any more.
   *
   * @return those that were set aside, and whose marker is gone
   */
  synchronized List<MarkedRecording> retainOnly(Collection<MarkedRecording> found) {
    Set<Path> files = new HashSet<>();
    found.forEach(recording -> files.add(recording.file()));
    List<MarkedRecording> gone =
        waiting.values().stream().filter(recording -> !files.contains(recording.file())).toList();
    gone.forEach(recording -> forget(recording.file()));
    return gone.stream().filter(this::isSetAside).toList();
  }

  private void forget(Path file) {
    soon.remove(file);
    lonely.remove(file);
    MarkedRecording known = waiting.remove(file);
    if (known != null) {
      grace.forget(known.marker());
      refused.remove(file);
    }
  }
}
