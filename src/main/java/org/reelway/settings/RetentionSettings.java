package org.reelway.settings;

import java.time.Duration;
import java.util.List;

/** {@code reelway.retention.*}: how long verified files stay, and what happens when the disk fills up. */
public final class RetentionSettings {
  public static final Setting<Duration> KEEP_FOR = Setting.of(
      "reelway.retention.keep-for", DurationType.between("0s", "3650d"), "0s",
      "How long a recording's file stays after its object was verified, where reelway.recordings.tidy keeps or moves "
          + "it. 0s keeps it for ever.");
  public static final Setting<Watermark> LOW_WATER = Setting.of(
      "reelway.retention.low-water", new WatermarkType(), "0",
      "When less than this is free on the disk of a recordings folder, files that are verified in the store are "
          + "deleted, oldest first. A share counts for space and for inodes, a size for space. 0 turns it off.");
  public static final Setting<Watermark> HIGH_WATER = Setting.optional(
      "reelway.retention.high-water", new WatermarkType(),
      "Deleting goes on until this is free again. Where it is not set, until reelway.retention.low-water is.");
  public static final Setting<Watermark> CRITICAL = Setting.of(
      "reelway.retention.critical", new WatermarkType(), "2%",
      "When less than this is free, an alarm is raised: in the log, in health, as a metric, and by the route "
          + "disk-level. 0 turns it off.");
  public static final Setting<AtCritical> AT_CRITICAL = Setting.of(
      "reelway.retention.at-critical", ChoiceType.of(AtCritical.class), "alarm",
      "What happens then beside the alarm: nothing (alarm), or every file that is verified in the store is deleted, "
          + "oldest first, until enough is free (delete-verified). A file that is not in the store is never deleted.");
  public static final Setting<IfObjectMissing> IF_OBJECT_MISSING = Setting.of(
      "reelway.retention.if-object-missing", ChoiceType.of(IfObjectMissing.class), "keep",
      "What happens with a verified file that is due when its object is not in the store any more: keep it and say so, "
          + "or delete it all the same, for stores whose objects are moved on by others.");

  static final SettingGroup GROUP =
      new SettingGroup(
          "Retention", "How long verified files stay, and what happens when the disk fills up.",
          List.of(KEEP_FOR, LOW_WATER, HIGH_WATER, CRITICAL, AT_CRITICAL, IF_OBJECT_MISSING));

  private RetentionSettings() {}

  /** What happens when a recordings disk is nearly full. */
  public enum AtCritical {
    /** It is told: log, health, metric, route. */
    ALARM,
    /** It is told, and every file that is verified in the store is deleted, oldest first, until the alarm is over. */
    DELETE_VERIFIED
  }

  /** What happens with a verified file that is due when the store does not hold its object any more. */
  public enum IfObjectMissing {
    KEEP,
    DELETE
  }
}
