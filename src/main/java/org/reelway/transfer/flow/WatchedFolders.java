package org.reelway.transfer.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;
import org.reelway.recording.FolderContent;
import org.reelway.recording.FolderIntake;
import org.reelway.recording.FolderStatus;
import org.reelway.recording.FolderWatch;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.RecordingFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folders that routes watch now. */
public final class WatchedFolders {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedFolders.class);

  private final List<FolderIntake> intakes = new CopyOnWriteArrayList<>();
  private final Map<FolderIntake, FolderWatch> watches = new ConcurrentHashMap<>();
  private final Map<FolderContent, FolderWatch> others = new ConcurrentHashMap<>();
  private final List<FolderContent> otherContents = new CopyOnWriteArrayList<>();
  private final List<RecordingFolder> reserved = new CopyOnWriteArrayList<>();
  private final boolean make;
  private volatile Listener listener = (folder, status) -> {};

  /** Told of folders that are watched from now on, and of those that are no more. */
  @FunctionalInterface
  public interface Listener {
    /** @param status how it is watched, asked as often as wanted; null when it is watched no more */
    void changed(Path folder, Supplier<FolderStatus> status);
  }

  public void whenChanged(Listener listener) {
    this.listener = listener;
  }

  /** Folders that are not there are waited for. */
  public WatchedFolders() {
    this(false);
  }

  /** @param make whether folders that are not there are made, and not waited for */
  public WatchedFolders(boolean make) {
    this.make = make;
  }

  /** To be called before a folder is watched: makes it where it is not there, if that is wanted. */
  public void prepare(Path folder) {
    if (make) {
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        LOG.warn("the folder {} cannot be made: {}; it is waited for", folder, e.toString());
      }
    }
  }

  /** @throws InputFailure when another route watches the folder, one above, or one below */
  public synchronized void add(FolderIntake intake) {
    requireApart(intake.folder());
    intakes.add(intake);
  }

  /**
   * A folder that is watched for something else than recordings.
   *
   * @throws InputFailure as above
   */
  public synchronized void addOther(FolderContent content) {
    requireApart(content.folder());
    otherContents.add(content);
  }

  /**
   * A folder of which only events tell: nothing else may watch it.
   *
   * @throws InputFailure as above
   */
  public synchronized void reserve(RecordingFolder folder) {
    requireApart(folder);
    reserved.add(folder);
  }

  /** It may be watched again. */
  public void release(RecordingFolder folder) {
    reserved.remove(folder);
  }

  private void requireApart(RecordingFolder folder) {
    Path root = folder.root();
    Stream.concat(
            Stream.concat(intakes.stream(), otherContents.stream()).map(FolderContent::folder), reserved.stream())
        .map(RecordingFolder::root)
        .filter(taken -> root.startsWith(taken) || taken.startsWith(root))
        .forEach(
            taken -> {
              throw new InputFailure(
                  "two routes watch " + root + " and " + taken + ": every recording would be sent twice; give each"
                      + " route a folder of its own");
            });
  }

  /** As {@link #watched}, of such a folder. */
  public void watchedOther(FolderContent content, FolderWatch watch) {
    others.put(content, watch);
    listener.changed(content.folder().root(), watch::status);
  }

  public void removeOther(FolderContent content) {
    otherContents.remove(content);
    if (others.remove(content) != null) {
      listener.changed(content.folder().root(), null);
    }
  }

  /** From now on the folder's status is that of this watch. */
  public void watched(FolderIntake intake, FolderWatch watch) {
    watches.put(intake, watch);
    listener.changed(intake.folder().root(), watch::status);
  }

  public void remove(FolderIntake intake) {
    intakes.remove(intake);
    if (watches.remove(intake) != null) {
      listener.changed(intake.folder().root(), null);
    }
  }

  /** How each folder is watched. */
  public List<FolderStatus> statuses() {
    return Stream.concat(
            intakes.stream().map(watches::get), otherContents.stream().map(others::get))
        .filter(Objects::nonNull)
        .map(FolderWatch::status)
        .toList();
  }

  public List<FolderIntake> all() {
    return List.copyOf(intakes);
  }

  /** Markers whose recording has not come within the settle time. */
  public List<Path> markersWithoutRecording() {
    return intakes.stream().flatMap(intake -> intake.markersWithoutRecording().stream()).toList();
  }

  /** What is looked through at each rescan: folders of recordings first, then others. */
  public List<FolderContent> contents() {
    return Stream.<FolderContent>concat(intakes.stream(), otherContents.stream()).toList();
  }

  /** What waits for its next try is tried now. */
  public void retryNow() {
    intakes.forEach(intake -> intake.queue().retryNow());
  }

  /** Takes a recording that a hook reports; as below. */
  public MarkedRecording mark(Path file, String stream) {
    return mark(file, stream, "hook");
  }

  /**
   * Takes a recording that somebody reports.
   *
   * @param file absolute, or relative to one of the folders
   * @param foundBy in words, such as hook or released
   * @throws InputFailure when no route watches a folder that the file is in
   */
  public MarkedRecording mark(Path file, String stream, String foundBy) {
    Located located = locate(file);
    return located.intake().mark(located.file(), stream, foundBy);
  }

  /** As {@link #mark}, but does nothing where this very file was sent already and is still there. */
  public void markUnlessSent(Path file, String stream, String foundBy) {
    Located located = locate(file);
    located.intake().markUnlessSent(located.file(), stream, foundBy);
  }

  /** @throws InputFailure when no route watches a folder that the file is in, or is to be in */
  public void requireInside(Path file) {
    locate(file);
  }

  private record Located(FolderIntake intake, Path file) {}

  private Located locate(Path file) {
    for (FolderIntake intake : intakes) {
      Optional<Path> inside = intake.folder().locate(file);
      boolean meant = inside.isPresent() && (file.isAbsolute() || Files.exists(inside.get()));
      if (meant) {
        return new Located(intake, inside.get());
      }
    }
    throw RecordingFolder.inNone(file, intakes.stream().map(FolderIntake::folder).toList());
  }
}
