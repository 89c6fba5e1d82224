package org.reelway.recording;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
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
   */
  public record Found(List<MarkedRecording> marked, List<Path> unmarked, List<String> unreadable) {}

  public Found look() {
    Found found = new Found(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
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
          } else {
            files.add(entry);
          }
        }
        perFolder.accept(files);
      } catch (IOException | DirectoryIteratorException e) {
        found.unreadable().add(next + ": " + e);
      }
    }
  }

  private void takeMarkers(List<Path> files, Found found, Set<Path> markedFiles) {
    for (Path file : files) {
      if (MarkerName.is(file.getFileName().toString())) {
        Path recording = folder.recordingOf(file);
        if (!markedFiles.contains(recording) && !Markers.isDone(folder, file)) {
          found.marked().add(new MarkedRecording(folder, recording, file, modified(file)));
        }
        markedFiles.add(recording);
      }
    }
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
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
