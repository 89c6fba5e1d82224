package org.reelway.transfer.backup;

import java.util.Optional;
import org.reelway.transfer.Transfers;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredObject;

/**
 * The backup store as the settings name it.
 *
 * @param transfers into it
 * @param prefix of every key; empty for none
 */
public record BackupPlace(Store store, Transfers transfers, String bucket, String prefix) {

  /** Whether the very object that was verified is at its key; reads nothing of it. */
  boolean holds(BackupNote.Place place) {
    return head(place).filter(found -> found.etag().equals(place.etag())).isPresent();
  }

  Optional<StoredObject> head(BackupNote.Place place) {
    return store.head(place.bucket(), place.key());
  }
}
