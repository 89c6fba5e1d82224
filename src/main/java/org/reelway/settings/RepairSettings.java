package org.reelway.settings;

import java.time.Duration;
import java.util.List;

/** {@code reelway.repair.*}: recordings whose writer died. */
public final class RepairSettings {
  public static final Setting<Duration> AFTER = Setting.of(
      "reelway.repair.after", Types.durationOrOff("3s", "30d"), "1h",
      "An unfinished recording whose file nobody writes counts as left behind when it did not change for this long; it "
          + "is repaired and sent, repaired and raw. Make it longer than any pause that a media server takes within a "
          + "recording. 0s leaves such files alone.");
  public static final Setting<String> SUFFIX = Setting.of(
      "reelway.repair.suffix", Types.SUFFIX, ".recovered",
      "Stands before the extension of a repaired recording's name and key: live.mp4 becomes live.recovered.mp4. The raw "
          + "file's key is its own path with .raw behind.");

  static final Setting.Group GROUP = new Setting.Group(
      "Repair", "What happens with recordings whose writer died.", List.of(AFTER, SUFFIX));

  private RepairSettings() {}
}
