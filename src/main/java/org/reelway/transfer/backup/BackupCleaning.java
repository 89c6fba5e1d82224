package org.reelway.transfer.backup;

import java.util.Optional;
import org.reelway.state.RecordingHistory;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes from the backup what the primary holds again: only the very object that was put there. */
final class BackupCleaning {
  private static final Logger LOG = LoggerFactory.getLogger(BackupCleaning.class);

  private final Store store;
  private final BackupNotes notes;
  private final RecordingHistory history;

  BackupCleaning(Store store, BackupNotes notes, RecordingHistory history) {
    this.store = store;
    this.notes = notes;
    this.history = history;
  }

  /** The note goes last: as long as it is there, this comes again. */
  void clean(BackupNote note) {
    BackupNote.Place place = note.place();
    Optional<StoredObject> found = store.head(place.bucket(), place.key());
    boolean same =
        found.filter(object -> object.etag().equals(place.etag()) && object.size() == note.size()).isPresent();
    if (same) {
      store.delete(place.bucket(), place.key());
      history.note(note.id(), "deleted from the backup");
    } else if (found.isPresent()) {
      LOG.warn(
          "{}/{} in the backup was changed since it was put there, so it is left there; the recording itself is back",
          place.bucket(),
          place.key());
      history.note(note.id(), "the backup's object was changed since it was put there, and is left there");
    }
    notes.delete(note.id());
  }
}
