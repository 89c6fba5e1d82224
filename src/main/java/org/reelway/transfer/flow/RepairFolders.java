package org.reelway.transfer.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.reelway.failure.FileTree;
import org.reelway.failure.OurFailure;
import org.reelway.recording.DurableFiles;
import org.reelway.recording.MarkerName;
import org.reelway.recording.RecordingFolder;

/**
 * Where repairs happen, inside the state folder: {@code work} holds what is being made, {@code out} mirrors the recordings
 * folders with what was repaired and is to be sent, {@code jobs} says how far each repair is.
 */
final class RepairFolders {
  private final Path root;
  private final Path markersFolder;

  /** Also removes what a repair that was killed left behind: it is begun anew. */
  RepairFolders(Path root, Path markersFolder) {
    this.root = root;
    this.markersFolder = markersFolder;
    delete(work());
  }

  private Path work() {
    return root.resolve("work");
  }

  Path jobs() {
    return root.resolve("jobs");
  }

  /** An empty folder of one repair: what an ffmpeg that outlived a kill still writes is in another. */
  Path newWork() throws IOException {
    Files.createDirectories(work());
    return Files.createTempDirectory(work(), "repair");
  }

  /** Usable bytes of the disk that repairs are written to. */
  long freeBytes() throws IOException {
    Files.createDirectories(work());
    return Files.getFileStore(work()).getUsableSpace();
  }

  RecordingFolder outFor(RecordingFolder recordings) {
    return RecordingFolder.of(root.resolve("out").resolve(recordings.shadow().getFileName()), markersFolder);
  }

  /** Puts a repaired file where it is sent from, at once and durably. */
  void publish(Path repaired, Path out) throws IOException {
    Files.createDirectories(out.getParent());
    Files.move(
        repaired, out, java.nio.file.StandardCopyOption.ATOMIC_MOVE, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    DurableFiles.syncFolder(out.getParent());
  }

  /** Removes what was published by a repair that was killed before it said so. */
  void removeUnknown(RecordingFolder out, Predicate<Path> known) {
    if (!Files.isDirectory(out.root())) {
      return;
    }
    try (Stream<Path> files = Files.walk(out.root())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        boolean marked = Files.exists(MarkerName.of(file)) || Files.exists(out.shadowMarker(file));
        if (!MarkerName.is(file.getFileName().toString()) && !marked && !known.test(file)) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new OurFailure("the folder " + out + " of repaired recordings cannot be cleaned: " + e, e);
    }
  }

  void delete(Path folder) {
    try {
      FileTree.delete(folder);
    } catch (IOException e) {
      throw new OurFailure("the work folder " + folder + " of repairs cannot be emptied: " + e, e);
    }
  }
}
