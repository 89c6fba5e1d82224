package org.reelway.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code reelway.retention.*}: how long verified files stay, and what happens when the disk fills up. */
public final class RetentionSettings {
  public static final Setting<Duration> KEEP_FOR = Setting.of(
      "reelway.retention.keep-for", Types.duration("0s", "3650d"), "0s",
      "How long a recording's file stays after its object was verified, where reelway.recordings.tidy keeps or moves "
          + "it. 0s keeps it for ever.");
  public static final Setting<Watermark> LOW_WATER = Setting.of(
      "reelway.retention.low-water", Watermark.TYPE, "0",
      "When less than this is free on the disk of a recordings folder, files that are verified in the store are "
          + "deleted, oldest first. A share counts for space and for inodes, a size for space. 0 turns it off.");
  public static final Setting<Watermark> HIGH_WATER = Setting.optional(
      "reelway.retention.high-water", Watermark.TYPE,
      "Deleting goes on until this is free again. Where it is not set, until reelway.retention.low-water is.");
  public static final Setting<Watermark> CRITICAL = Setting.of(
      "reelway.retention.critical", Watermark.TYPE, "2%",
      "When less than this is free, an alarm is raised: in the log, in health, as a metric, and by the route "
          + "disk-level. 0 turns it off.");
  public static final Setting<AtCritical> AT_CRITICAL = Setting.of(
      "reelway.retention.at-critical", Types.choice(AtCritical.class), "alarm",
      "What happens then beside the alarm: nothing (alarm), or every file that is verified in the store is deleted, "
          + "oldest first, until enough is free (delete-verified). A file that is not in the store is never deleted.");
  public static final Setting<IfObjectMissing> IF_OBJECT_MISSING = Setting.of(
      "reelway.retention.if-object-missing", Types.choice(IfObjectMissing.class), "keep",
      "What happens with a verified file that is due when its object is not in the store any more: keep it and say so, "
          + "or delete it all the same, for stores whose objects are moved on by others.");

  static final Setting.Group GROUP =
      new Setting.Group(
          "Retention", "How long verified files stay, and what happens when the disk fills up.",
          List.of(KEEP_FOR, LOW_WATER, HIGH_WATER, CRITICAL, AT_CRITICAL, IF_OBJECT_MISSING));

  private RetentionSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(highWaterIsHigher());
  }

  /** A share and a size cannot be compared without the disk. */
  private static CrossRule highWaterIsHigher() {
    return new CrossRule(
        List.of(LOW_WATER, HIGH_WATER),
        HIGH_WATER,
        settings -> Optional.ofNullable(settings.get(HIGH_WATER))
            .filter(high -> isLower(high, settings.get(LOW_WATER)))
            .map(high -> MessageText.quoted(settings.shown(HIGH_WATER)) + " is lower than "
                + LOW_WATER + " (" + settings.shown(LOW_WATER)
                + "), or in another unit; make it the same or higher, both as shares or both as sizes"));
  }

  private static boolean isLower(Watermark high, Watermark low) {
    boolean sameUnit = low.isOff() || high.percent() > 0 == low.percent() > 0;
    return !sameUnit || high.percent() < low.percent() || high.bytes() < low.bytes();
  }

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
