package org.reelway.recording;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One look through a folder and its sub-folders: the truth about what is there, which file system events only hint at.
 * Links are not followed, so that nothing outside the folder is ever taken.
 */
public final class FolderScan {
  private final RecordingFolder folder;
  private final SideFiles sideFiles = new SideFiles();
  private final Set<String> extensions;

  /** @param extensions lower case, without dot: names that may be recordings without a marker */
  public FolderScan(RecordingFolder folder, Set<String> extensions) {
    this.folder = folder;
    this.extensions = Set.copyOf(extensions);
  }

  /**
   * What a look found.
   *
   * @param marked in no order; one entry a recording
   * @param unmarked media files without a marker, hidden, temporary and derived names left out
   * @param unreadable folders that could not be looked into, with the reason
   * @param refused markers, and names, that cannot be taken, with the reason
   */
  public record Found(
      List<MarkedRecording> marked, List<Path> unmarked, List<String> unreadable, List<String> refused) {}

  public Found look() {
    Found found = new Found(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Set<Path> markedFiles = new HashSet<>();
    // The shadow folder first: where both hold a marker, the one there carries the state.
    walk(folder.shadow(), found, names -> takeMarkers(names, found, markedFiles));
    walk(
        folder.root(),
        found,
        names -> {
          takeMarkers(names, found, markedFiles);
          takeUnmarked(names, found, markedFiles);
        });
    return found;
  }

  /** The work that a single path orders; empty where it is no marker that a look would take. */
  Optional<MarkedRecording> marker(Path path) {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    Found found = new Found(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    takeMarkers(isText(path) ? List.of(path) : List.of(), found, new HashSet<>());
    return found.marked().stream().findFirst();
  }

  private static void walk(Path root, Found found, Consumer<List<Path>> perFolder) {
    if (!Files.isDirectory(root)) {
      return;
    }
    Deque<Path> folders = new ArrayDeque<>(List.of(root));
    while (!folders.isEmpty()) {
      Path next = folders.pop();
      List<Path> files = new ArrayList<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(next)) {
        for (Path entry : entries) {
          if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            folders.push(entry);
          } else if (isText(entry)) {
            files.add(entry);
          } else if (!entry.getFileName().toString().startsWith(".")) {
            found.refused().add(entry + " is passed over: its name is not text in this system's encoding; rename it");
          }
        }
        perFolder.accept(files);
      } catch (IOException | DirectoryIteratorException e) {
        found.unreadable().add(next + ": " + e);
      }
    }
  }

  /** A name that does not survive being read as text would lead to another file, or to none. */
  private static boolean isText(Path file) {
    try {
      return file.resolveSibling(file.getFileName().toString()).equals(file);
    } catch (InvalidPathException unmappable) {
      return false;
    }
  }

  private void takeMarkers(List<Path> files, Found found, Set<Path> markedFiles) {
    for (Path file : files) {
      folder.recordingOf(file).ifPresent(recording -> takeMarker(file, recording, found, markedFiles));
    }
  }

  private void takeMarker(Path marker, Path recording, Found found, Set<Path> markedFiles) {
    Optional<String> refused = sideFiles.reason(recording.getFileName().toString());
    if (refused.isPresent() && Recoveries.of(folder, recording).isEmpty()) {
      // Above all not a marker that is marked itself: it would be sent, tidied, and its own recording be forgotten.
      found.refused().add(marker + " is passed over: it marks a " + refused.get());
    } else if (!markedFiles.contains(recording) && !Markers.isDone(folder, marker)) {
      found.marked().add(new MarkedRecording(folder, recording, marker, modified(marker)));
    }
    markedFiles.add(recording);
  }

  private static Instant modified(Path marker) {
    try {
      return Files.readAttributes(marker, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .lastModifiedTime()
          .toInstant();
    } catch (IOException goneAgain) {
      return Instant.EPOCH;
    }
  }

  private void takeUnmarked(List<Path> files, Found found, Set<Path> markedFiles) {
    for (Path file : files) {
      String name = file.getFileName().toString();
      if (extensions.contains(extension(name))
          && !markedFiles.contains(file)
          && sideFiles.reason(name).isEmpty()
          && !sideFiles.derived(name)) {
        found.unmarked().add(file);
      }
    }
  }

  private static String extension(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
