package org.reelway.transfer.backup;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import org.reelway.failure.InputFailure;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent;
import org.reelway.recording.MarkerContent.UploadState;
import org.reelway.recording.MarkerName;
import org.reelway.recording.RecordingFolder;
import org.reelway.recording.SeparateMarkers;
import org.reelway.state.BackupCopies;
import org.reelway.state.RecordingHistory;
import org.reelway.transfer.TransferStopped;
import org.reelway.transfer.TransferTarget;
import org.reelway.transfer.TransferTerms;
import org.reelway.transfer.VerifiedObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One recording's way back: from the local file where that is still the same, else from the backup by way of the disk;
 * verified in the primary; and only then deleted from the backup. After a kill it goes on where it was.
 */
final class ReturnFromBackup {
  private static final Logger LOG = LoggerFactory.getLogger(ReturnFromBackup.class);

  private final BackupPlace backup;
  private final Map<String, HomeStore> homes;
  private final LocalCopies local;
  private final Spool spool;
  private final SeparateMarkers markers;
  private final BackupCopies copies;
  private final BackupCleaning cleaning;
  private final RecordingHistory history;
  private final ReturnStep step;

  /**
   * @param homes of every recording that is brought back, by name
   * @param markers of the transfers back
   * @param step done before the copy in the backup is deleted
   */
  ReturnFromBackup(
      BackupPlace backup,
      Map<String, HomeStore> homes,
      LocalCopies local,
      Spool spool,
      SeparateMarkers markers,
      BackupCopies copies,
      BackupCleaning cleaning,
      RecordingHistory history,
      ReturnStep step) {
    this.backup = backup;
    this.homes = homes;
    this.local = local;
    this.spool = spool;
    this.markers = markers;
    this.copies = copies;
    this.cleaning = cleaning;
    this.history = history;
    this.step = step;
  }

  /** Empty while the recording's own route still has it in hand. */
  Optional<BroughtBack> bringBack(BackupNote note) {
    if (local.isMarked(note)) {
      return Optional.empty();
    }
    Path file = local.unchanged(note).orElseGet(() -> fetch(note));
    VerifiedObject object = sendOrTell(note, file);
    home(note).outlook().succeeded();
    BroughtBack back = broughtBack(note, object);
    // Before the state forgets that it was away: after a kill it is done all the same.
    step.returned(back, !note.recovered().isEmpty(), file, object);
    copies.returned(note.id(), object.key(), object.etag(), object.versionId());
    history.finishedAgain(note.id(), "brought back from the backup: " + object.evidence());
    LOG.info("{} → {} (brought back from the backup, {})", note.path(), object.address(), object.evidence());
    tidy(note, file);
    return Optional.of(back);
  }

  private HomeStore home(BackupNote note) {
    return homes.get(note.home().name());
  }

  private Path fetch(BackupNote note) {
    try {
      if (!backup.holds(note.place())) {
        throw new InputFailure(
            note.place().bucket() + "/" + note.place().key() + " in the backup is gone or was changed, and no local file"
                + " is left: bring it back from a version or a copy of the bucket");
      }
      return spool.fetch(note);
    } catch (DestinationFailure e) {
      throw new DestinationFailure("the backup: " + e.getMessage(), e);
    }
  }

  /** A try that fails leaves the recording as finished as it was. Neither the backup nor a step tells how the primary is. */
  private VerifiedObject sendOrTell(BackupNote note, Path file) {
    try {
      return send(note, file);
    } catch (RuntimeException e) {
      if (!(e instanceof TransferStopped) && Failure.classOf(e) == FailureClass.DESTINATION) {
        home(note).outlook().failed(note.id(), e.getMessage());
      }
      history.finishedAgain(note.id(), "still in the backup: " + e.getMessage());
      throw e;
    }
  }

  private VerifiedObject send(BackupNote note, Path file) {
    MarkedRecording returning = returning(file);
    if (note.upload() != null && markers.read(returning).equals(MarkerContent.Start.EMPTY)) {
      markers.write(returning, new MarkerContent.Resume(begun(note.upload()), note.stream()));
    }
    BackupNote.Home home = note.home();
    return home(note).transfers().transfer(
        returning,
        new TransferTarget(
            home.bucket(), "", "", home.onExisting(), home.stripRecorderVersion(), home.name()),
        new TransferTerms(
            note.id(),
            note.path(),
            note.stream(),
            note.identity().modifiedNanos(),
            home.key(),
            note::recovered,
            markers));
  }

  /** A file that came from the backup is another one on this disk: the parts' checksums decide, not its identity. */
  private static UploadState begun(UploadState upload) {
    return new UploadState(
        upload.bucket(), upload.key(), upload.uploadId(), upload.partSize(), upload.threshold(), null,
        upload.checksum(), upload.ours(), upload.store());
  }

  private MarkedRecording returning(Path file) {
    RecordingFolder folder = RecordingFolder.of(file.getParent(), spool.folder().resolve("markers"));
    Path inside = folder.root().resolve(file.getFileName());
    return new MarkedRecording(folder, inside, MarkerName.of(inside), Instant.EPOCH);
  }

  /** What is left after a kill here is found by the backup's note. */
  private void tidy(BackupNote note, Path file) {
    try {
      markers.remove(returning(file));
      spool.delete(note.id());
      cleaning.clean(note);
    } catch (RuntimeException e) {
      LOG.warn("{} is back, and still in the backup too: {}", note.path(), e.getMessage());
    }
  }

  private static BroughtBack broughtBack(BackupNote note, VerifiedObject object) {
    return new BroughtBack(
        note.id(),
        note.file(),
        note.path(),
        note.size(),
        object.store(),
        object.bucket(),
        object.key(),
        object.address(),
        object.etag(),
        object.evidence(),
        note.place().bucket(),
        note.place().key(),
        note.since());
  }
}
