package org.reelway.transfer;

import java.util.Set;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;

/**
 * Whether a store still has an unfinished upload. Stores call one that they do not have by many names: {@code
 * NoSuchUpload}, {@code NoSuchKey}, an empty list of its parts, or a server's error each time.
 */
public record UploadPresence(Store store, String bucket, String key, String uploadId) {
  /** Of the moment: nothing is said of the upload. */
  private static final Set<Integer> LATER = Set.of(0, 408, 429, 503);

  /**
   * @return true only where the store says that it does not have it; what it cannot or may not tell says nothing
   * @throws StoreFailure when the store is away or busy
   */
  public boolean isGone() {
    try {
      return store.listParts(bucket, key, uploadId).isEmpty() && !isListed();
    } catch (StoreFailure e) {
      return isGone(e);
    }
  }

  /**
   * Aborts it; one that is gone already is no failure.
   *
   * @throws StoreFailure when the store may still have it
   */
  public void abort() {
    try {
      store.abortMultipart(bucket, key, uploadId);
    } catch (StoreFailure e) {
      if (saysNothing(e) || !isGone()) {
        throw e;
      }
    }
  }

  /** @param failure of a list of the upload's parts */
  boolean isGone(StoreFailure failure) {
    if (failure.isNotFound()) {
      return true;
    }
    if (saysNothing(failure)) {
      throw failure;
    }
    return !isListed();
  }

  /** Whether a failed call tells nothing of the upload that it was about. */
  static boolean saysNothing(StoreFailure failure) {
    return LATER.contains(failure.status()) || failure.isAboutCredentials() || failure.isCode("NoSuchBucket");
  }

  /** Who may not list uploads believes that it is. */
  private boolean isListed() {
    try {
      return store.listUnfinished(bucket, key).stream().anyMatch(upload -> upload.uploadId().equals(uploadId));
    } catch (StoreFailure e) {
      if (saysNothing(e)) {
        throw e;
      }
      return true;
    }
  }
}
