package org.reelway.settings;

import java.time.Duration;
import java.util.List;

/** {@code reelway.shutdown.*}: how Reelway ends. */
public final class ShutdownSettings {
  public static final Setting<Duration> DRAIN_TIME = Setting.of(
      "reelway.shutdown.drain-time", Types.duration("0s", "10m"), "25s",
      "How long parts in flight may finish after SIGTERM. What is cut off then is resumed at the next start; keep it "
          + "below the grace period of whatever stops the process.");

  static final Setting.Group GROUP = new Setting.Group("Shutdown", "How Reelway ends.", List.of(DRAIN_TIME));

  private ShutdownSettings() {}
}
