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
import org.reelway.recording.MarkerContent.Start;
import org.reelway.recording.MarkerContent.Unusable;
import org.reelway.recording.MarkerContent.Verified;

/**
 * Files that are called like markers and order nothing yet: their recording is not there, their text is no marker's, or
 * it is still being written. Uploaders name files in progress so, and so nothing here is ever touched; each is looked at
 * until it has not changed for the grace time.
 */
final class EarlyMarkers {
  private final SettledFiles grace;
  private final FolderIntake.Sent sent;
  private final OpenFiles open = new OpenFiles();
  /** By recording. */
  private final Map<Path, MarkedRecording> waiting = new HashMap<>();
  private final Map<Path, String> refused = new HashMap<>();

  /** @param grace how long a marker may be there before its recording, and a text that is no marker's before it counts */
  EarlyMarkers(Duration grace, FolderIntake.Sent sent) {
    this.grace = new SettledFiles(grace, grace);
    this.sent = sent;
  }

  /**
   * Takes note of a look at a marker.
   *
   * @return whether it orders its recording now; after the grace time also one that is not there, to be set aside
   */
  synchronized boolean orders(MarkedRecording recording, MarkerContent content, Instant now) {
    boolean there = FileIdentity.isThere(recording.file());
    boolean usable = !(content instanceof Unusable);
    boolean held = there && content.equals(Start.EMPTY) && wasSent(recording.file()) && isHeld(recording);
    if (usable && !held && (there || content instanceof Verified)) {
      forget(recording.file());
      return true;
    }
    MarkedRecording before = waiting.put(recording.file(), recording);
    boolean written = before != null && !before.markedAt().equals(recording.markedAt());
    boolean over = !isSetAside(recording) && hasRested(recording.marker(), now);
    boolean orders = over && (usable ? !isHeld(recording) : there);
    if (content instanceof Unusable unusable && !orders && (over || written)) {
      refused.put(recording.file(), text(recording.marker(), unusable.reason()));
    }
    return orders;
  }

  static String text(Path marker, String reason) {
    return marker + " is passed over: it " + reason + "; it is another program's, or still being written, and stays as"
        + " it is";
  }

  /** Then somebody may mark it again, or have begun to write another file of the marker's name. */
  private boolean wasSent(Path file) {
    try {
      return sent.contains(RecordingId.of(file, FileIdentity.of(file)));
    } catch (IOException goneAgain) {
      return false;
    }
  }

  /** Asks every process of the machine: too dear for every marker. */
  private boolean isHeld(MarkedRecording recording) {
    return open.look(recording.marker()) == OpenFiles.Answer.WRITTEN;
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
    MarkedRecording known = waiting.remove(file);
    if (known != null) {
      grace.forget(known.marker());
      refused.remove(file);
    }
  }
}
