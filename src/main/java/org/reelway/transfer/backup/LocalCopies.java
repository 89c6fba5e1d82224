package org.reelway.transfer.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.FolderIntake;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerName;
import org.reelway.recording.Markers;
import org.reelway.state.KeptFiles;
import org.reelway.transfer.flow.WatchedFolders;

/** What of a recording in the backup is still on this machine. */
final class LocalCopies {
  private final KeptFiles kept;
  private final WatchedFolders folders;
  private final Markers markers;

  LocalCopies(KeptFiles kept, WatchedFolders folders, Markers markers) {
    this.kept = kept;
    this.folders = folders;
    this.markers = markers;
  }

  /** Whether the recording is ordered by a marker: then its route has it in hand, and it is left to that. */
  boolean isMarked(BackupNote note) {
    for (FolderIntake intake : folders.all()) {
      Optional<Path> inside = intake.folder().locate(note.file());
      if (inside.isPresent()) {
        return markers.isMarked(
            new MarkedRecording(intake.folder(), inside.get(), MarkerName.of(inside.get()), Instant.EPOCH));
      }
    }
    return false;
  }

  /**
   * The very file that was verified, where it is still there: the state says where it was left; where that is lost, it
   * may be where it was recorded. A note alone never makes a file outside of the recordings folders be read.
   */
  Optional<Path> unchanged(BackupNote note) {
    Optional<KeptFiles.Kept> known = kept.find(note.id());
    if (known.isPresent()) {
      return Optional.of(known.get().file()).filter(file -> isThis(file, known.get().identity()));
    }
    return folders.all().stream()
        .flatMap(intake -> intake.folder().locate(note.file()).stream())
        .filter(file -> isThis(file, note.identity()))
        .findFirst();
  }

  private static boolean isThis(Path file, FileIdentity identity) {
    try {
      return FileIdentity.of(file).equals(identity);
    } catch (IOException gone) {
      return false;
    }
  }
}
