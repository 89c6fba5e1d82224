package org.reelway.recording;

import java.time.Duration;
import java.time.Instant;

/**
 * What was seen of a folder's looks so far, for people and for the pace of the next ones.
 *
 * @param lastQuickTook of the last look that was not full; zero before the first
 */
public record LookLog(
    long looks,
    int subfolders,
    int marked,
    int unmarked,
    Instant last,
    Duration lastTook,
    Duration lastQuickTook,
    Instant lastFull,
    Duration lastFullTook) {
  static final LookLog NONE = new LookLog(0, 0, 0, 0, null, Duration.ZERO, Duration.ZERO, null, Duration.ZERO);

  LookLog with(FolderScan.Found found, boolean full, Instant at, Duration took) {
    return new LookLog(
        looks + 1,
        found.folders().size(),
        found.marked().size(),
        found.unmarked().size(),
        at,
        took,
        full ? lastQuickTook : took,
        full ? at : lastFull,
        full ? took : lastFullTook);
  }
}
