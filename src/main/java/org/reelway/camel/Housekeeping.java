package org.reelway.camel;

import java.time.Duration;
import java.util.List;
import org.reelway.recording.FolderContent;
import org.reelway.transfer.flow.AbortQueue;
import org.reelway.transfer.flow.HistoryRetention;
import org.reelway.transfer.flow.StoreReturn;
import org.reelway.transfer.flow.WatchedFolders;

/** What the clock starts. */
public final class Housekeeping {
  private final WatchedFolders folders;
  private final List<StoreReturn> storeReturns;
  private final List<AbortQueue> aborts;
  private final HistoryRetention history;
  private final Duration keepHistory;

  Housekeeping(
      WatchedFolders folders,
      List<StoreReturn> storeReturns,
      List<AbortQueue> aborts,
      HistoryRetention history,
      Duration keepHistory) {
    this.folders = folders;
    this.storeReturns = storeReturns;
    this.aborts = aborts;
    this.history = history;
    this.keepHistory = keepHistory;
  }

  /** For {@link #rescan}. */
  public List<FolderContent> folders() {
    return folders.contents();
  }

  public void rescan(FolderContent folder) {
    folder.rescan();
  }

  public void lookForStore() {
    storeReturns.forEach(StoreReturn::look);
  }

  public void abortOwnUploads() {
    aborts.forEach(AbortQueue::work);
  }

  public void forgetOldHistory() {
    history.forgetOlderThan(keepHistory);
  }
}
