package org.reelway.transfer.retention;

import java.time.Duration;
import org.reelway.settings.RetentionSettings;
import org.reelway.settings.RetentionSettings.AtCritical;
import org.reelway.settings.Settings;
import org.reelway.settings.Watermark;

/**
 * How long files stay, and how much has to be free.
 *
 * @param keepFor zero for ever
 * @param low below it deleting begins; may be off
 * @param high at it deleting ends; never less than low
 * @param critical below it there is an alarm; may be off
 */
record RetentionRules(Duration keepFor, Watermark low, Watermark high, Watermark critical, AtCritical atCritical) {

  static RetentionRules of(Settings settings) {
    Watermark low = settings.get(RetentionSettings.LOW_WATER);
    Watermark high = settings.get(RetentionSettings.HIGH_WATER);
    return new RetentionRules(
        settings.get(RetentionSettings.KEEP_FOR),
        low,
        high == null ? low : high,
        settings.get(RetentionSettings.CRITICAL),
        settings.get(RetentionSettings.AT_CRITICAL));
  }

  /** Whether room has to be made on such a disk. */
  boolean wantsRoom(DiskSpace space) {
    return space.isBelow(low) || atCritical == AtCritical.DELETE_VERIFIED && space.isBelow(critical);
  }

  /** Whether that is enough, once room is made. */
  boolean hasEnough(DiskSpace space) {
    return !space.isBelow(high) && !space.isBelow(low) && !space.isBelow(critical);
  }
}
