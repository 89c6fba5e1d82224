package org.reelway.camel;

import java.time.Duration;
import org.reelway.flow.AbortQueue;
import org.reelway.flow.HistoryRetention;
import org.reelway.flow.WatchedFolders;

/** What the clock starts. */
public final class Housekeeping {
  private final WatchedFolders folders;
  private final AbortQueue aborts;
  private final HistoryRetention history;
  private final Duration keepHistory;

  Housekeeping(WatchedFolders folders, AbortQueue aborts, HistoryRetention history, Duration keepHistory) {
    this.folders = folders;
    this.aborts = aborts;
    this.history = history;
    this.keepHistory = keepHistory;
  }

  public void rescan() {
    folders.rescan();
  }

  public void abortOwnUploads() {
    aborts.work();
  }

  public void forgetOldHistory() {
    history.forgetOlderThan(keepHistory);
  }
}
