package org.reelway.transfer;

import java.util.Optional;
import org.reelway.failure.OurFailure;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent.Resume;
import org.reelway.recording.MarkerContent.UploadState;
import org.reelway.recording.MarkerContent.VerifiedState;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;

/**
 * Which store a marker means. The route says where a recording goes; its marker, where it was sent so far. Since then the
 * route, the names of stores and their settings can have changed.
 */
final class MarkerStore {
  private final Store store;
  private final StoreDirectory stores;

  /** @param store that the route leads to */
  MarkerStore(Store store, StoreDirectory stores) {
    this.store = store;
    this.stores = stores;
  }

  /**
   * Where a recording was sent whose file is gone.
   *
   * @throws OurFailure when the settings do not name it any more: the marker waits, for it is all that is known
   */
  Store of(VerifiedState before, MarkedRecording recording) {
    return before.store().equals(store.name()) ? store : stores.find(before.store()).orElseThrow(() -> new OurFailure(
        recording.file() + " was verified in the store " + before.store() + " as " + before.bucket() + "/" + before.key()
            + " and tidied, and reelway.stores does not name that store any more; name it again, so that what follows its"
            + " transfer is done, or remove the marker " + recording.marker()));
  }

  /**
   * The marker's upload, under this store's name where it is in this store: the address shows that while both names are
   * there, and the parts that the store lists where the old name is gone.
   */
  UploadState underThisName(TransferContext context, Resume resume) {
    UploadState upload = resume.upload();
    // The Wowza module knows no names: its marker means the store that its folder's route leads to.
    if (!upload.ours() || upload.store().equals(store.name())) {
      return upload.in(store.name());
    }
    Optional<Store> named = stores.find(upload.store());
    boolean here = named.isPresent()
        ? named.get().address().equals(store.address())
        : context.attempt(() -> hasParts(upload));
    if (!here) {
      return upload;
    }
    UploadState same = upload.in(store.name());
    context.mark(new Resume(same, resume.stream()));
    return same;
  }

  private boolean hasParts(UploadState upload) {
    try {
      return !store.listParts(upload.bucket(), upload.key(), upload.uploadId()).isEmpty();
    } catch (StoreFailure e) {
      if (UploadPresence.saysNothing(e)) {
        throw e;
      }
      return false;
    }
  }

  /** Why an upload that {@link #underThisName} left alone is not gone on with. */
  String elsewhere(UploadState upload) {
    return "the marker's upload is in " + inWords(upload.store()) + ", this recording now goes to " + inWords(store.name());
  }

  private static String inWords(String name) {
    return name.isEmpty() ? "the primary store" : "the store " + name;
  }
}
