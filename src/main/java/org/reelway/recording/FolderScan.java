package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Looks through a folder and its sub-folders: the truth about what is there, which file system events only hint at. Links
 * are not followed, so that nothing outside the folder is ever taken.
 *
 * <p>What was decided once is remembered, eight bytes a file, so that a look costs what changed since the one before and
 * one question per sub-folder. A file that is rewritten under its name changes nothing that such a look asks for: a full
 * look finds it.
 */
public final class FolderScan {
  private final RecordingFolder folder;
  private final SideFiles sideFiles = new SideFiles();
  private final Finished finished;
  private final FolderTree shadow;
  private final FolderTree root;

  /** Which files need no sending any more. */
  @FunctionalInterface
  public interface Finished {
    /** False also where that cannot be told now. */
    boolean test(Path file);
  }

  /** @param extensions lower case, without dot: names that may be recordings without a marker */
  public FolderScan(RecordingFolder folder, Set<String> extensions) {
    this(folder, extensions, file -> false);
  }

  FolderScan(RecordingFolder folder, Set<String> extensions, Finished finished) {
    this(folder, byExtension(extensions), finished);
  }

  /** @param names that may be recordings without a marker */
  FolderScan(RecordingFolder folder, Predicate<String> names, Finished finished) {
    this.folder = folder;
    this.finished = finished;
    this.shadow = new FolderTree(folder.shadow(), new FolderReader(folder, sideFiles, names, finished, true));
    this.root = new FolderTree(folder.root(), new FolderReader(folder, sideFiles, names, finished, false));
  }

  private static Predicate<String> byExtension(Set<String> extensions) {
    Set<String> media = Set.copyOf(extensions);
    return name -> {
      int dot = name.lastIndexOf('.');
      return media.contains(dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT));
    };
  }

  /**
   * What a look found.
   *
   * @param marked in no order; one entry a recording
   * @param unmarked media files without a marker that are not finished; hidden, temporary and derived names left out
   * @param unreadable folders that could not be looked into, with the reason
   * @param refused markers, and names, that cannot be taken, with the reason
   * @param leftovers temporary files of the names that Reelway gives
   * @param folders the folder itself first, and all below it; empty where it is not there
   */
  public record Found(
      List<MarkedRecording> marked,
      List<Path> unmarked,
      List<String> unreadable,
      List<String> refused,
      List<Path> leftovers,
      List<Subfolder> folders) {
    private Found() {
      this(
          new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(),
          new ArrayList<>());
    }
  }

  /**
   * The folder itself, or one below it.
   *
   * @param identity tells it from another one at its path
   * @param device of its file system
   */
  public record Subfolder(Path path, Object identity, long device) {}

  /** Looks at everything, whatever is remembered. */
  public Found look() {
    return look(Set.of(), true, Instant.EPOCH);
  }

  /**
   * @param created files and folders that are new, though one of the name was known before
   * @param full whether nothing that is remembered counts
   * @param now by one steady clock for all looks
   */
  Found look(Set<Path> created, boolean full, Instant now) {
    Found found = new Found();
    Set<Path> markedFiles = new HashSet<>();
    // The shadow folder first: where both hold a marker, the one there carries the state.
    for (KnownFolder known : shadow.look(created, full, now)) {
      takeMarkers(known, found, markedFiles);
    }
    for (KnownFolder known : root.look(created, full, now)) {
      found.folders().add(known.subfolder());
      takeMarkers(known, found, markedFiles);
      takeUnmarked(known, found, markedFiles);
    }
    return found;
  }

  /** Whether a file of this name may be a recording without a marker. */
  boolean isCandidate(Path file) {
    return root.reader().isCandidate(file);
  }

  /** The work that a single path orders; empty where it is no marker that a look would take. */
  Optional<MarkedRecording> marker(Path path) {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    Found found = new Found();
    if (FolderReader.isText(path)) {
      folder.recordingOf(path).ifPresent(recording -> takeMarker(path, recording, found, new HashSet<>()));
    }
    return found.marked().stream().findFirst();
  }

  private void takeMarkers(KnownFolder known, Found found, Set<Path> markedFiles) {
    known.unreadable().ifPresent(found.unreadable()::add);
    found.refused().addAll(known.names().refused());
    known.names().leftovers().forEach(name -> found.leftovers().add(known.path().resolve(name)));
    takeMarkers(known, name -> name.endsWith(MarkerName.SUFFIX), found, markedFiles);
    // Last those of another case, so that x.UPLOAD beside x.upload never takes turns with it.
    takeMarkers(known, name -> !name.endsWith(MarkerName.SUFFIX), found, markedFiles);
  }

  private void takeMarkers(KnownFolder known, Predicate<String> which, Found found, Set<Path> markedFiles) {
    for (String name : known.names().markers()) {
      if (which.test(name)) {
        Path marker = known.path().resolve(name);
        folder.recordingOf(marker).ifPresent(recording -> takeMarker(marker, recording, found, markedFiles));
      }
    }
  }

  private void takeMarker(Path marker, Path recording, Found found, Set<Path> markedFiles) {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(marker, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException goneAgain) {
      return;
    }
    Optional<String> none = Markers.whyNoMarker(attributes);
    if (none.isPresent()) {
      found.refused().add(EarlyMarkers.text(marker, none.get()));
      return;
    }
    if (Markers.isDone(folder, marker)) {
      // It ordered what its recording was then.
      return;
    }
    Optional<String> refused = sideFiles.reason(recording.getFileName().toString());
    if (refused.isPresent() && Recoveries.of(folder, recording).isEmpty()) {
      // Above all not a marker that is marked itself: it would be sent, tidied, and its own recording be forgotten.
      found.refused().add(marker + " is passed over: it marks a " + refused.get());
    } else if (!markedFiles.contains(recording)) {
      found.marked().add(
          new MarkedRecording(folder, recording, marker, attributes.lastModifiedTime().toInstant()));
    }
    markedFiles.add(recording);
  }

  private void takeUnmarked(KnownFolder known, Found found, Set<Path> markedFiles) {
    Set<String> done = new HashSet<>();
    for (String name : known.names().candidates()) {
      Path file = known.path().resolve(name);
      if (markedFiles.contains(file)) {
        continue;
      }
      if (finished.test(file)) {
        done.add(name);
      } else {
        found.unmarked().add(file);
      }
    }
    if (!done.isEmpty()) {
      known.decide(done, root.reader());
    }
  }
}
