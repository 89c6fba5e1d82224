package org.reelway.transfer.flow;

import org.reelway.failure.DestinationFailure;
import org.reelway.transfer.store.Store;

/**
 * Ends the waiting when the store is back: recordings wait up to minutes between their tries, and all of them for the
 * same reason, so one cheap question at short intervals spares them that.
 */
public final class StoreReturn {
  private final Store store;
  private final String bucket;
  private final StoreOutlook outlook;
  private final WatchedFolders folders;
  private boolean away;

  public StoreReturn(Store store, String bucket, StoreOutlook outlook, WatchedFolders folders) {
    this.store = store;
    this.bucket = bucket;
    this.outlook = outlook;
    this.folders = folders;
  }

  /** Asks only while the last thing heard from the store is a failure. */
  public void look() {
    if (outlook.error().isEmpty()) {
      return;
    }
    try {
      store.headBucket(bucket);
    } catch (DestinationFailure stillAway) {
      // Said once by the outlook, and in health; recordings go on trying by themselves.
      away = true;
      return;
    }
    if (away) {
      away = false;
      outlook.answersAgain();
    }
    folders.retryNow();
  }
}
