package org.reelway.transfer.backup;

import java.util.Optional;
import org.reelway.state.BackupCopies;
import org.reelway.state.RecordingHistory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds by the backup's own notes what the state does not know to be there, as when the state was lost. */
final class LostCopies {
  private static final Logger LOG = LoggerFactory.getLogger(LostCopies.class);

  private final BackupNotes notes;
  private final BackupCopies copies;
  private final BackupCleaning cleaning;
  private final RecordingHistory history;

  LostCopies(BackupNotes notes, BackupCopies copies, BackupCleaning cleaning, RecordingHistory history) {
    this.notes = notes;
    this.copies = copies;
    this.cleaning = cleaning;
    this.history = history;
  }

  /** Takes in what the state does not know, and ends what was brought back and not deleted there before a kill. */
  void find() {
    for (String id : notes.ids()) {
      Optional<BackupCopies.Copy> known = copies.find(id);
      if (known.isEmpty()) {
        notes.read(id).ifPresentOrElse(this::takeIn, () -> LOG.warn("the note {} in the backup is none of ours", id));
      } else if (known.get().returned() != null) {
        notes.read(id).ifPresent(cleaning::clean);
      }
    }
  }

  private void takeIn(BackupNote note) {
    history.found(note.id(), note.file().toString(), note.path(), note.size(), note.stream(), null);
    BackupNote.Place place = note.place();
    history.verified(
        note.id(),
        "",
        place.bucket(),
        place.key(),
        place.store() + "/" + place.bucket() + "/" + place.key(),
        place.etag(),
        place.versionId(),
        place.evidence());
    history.finishedAgain(note.id(), "found in the backup, which the state did not know");
    copies.put(KnownCopies.copy(note));
    LOG.info("{}/{} waits in the backup, which the state did not know", place.bucket(), place.key());
  }
}
