package org.reelway.settings;

import java.util.List;

/** {@code reelway.workflow.*}: streams of the API {@code /streams}. */
public final class WorkflowSettings {
  public static final Setting<Driver> DRIVER = Setting.of(
      "reelway.workflow.driver", Types.choice(Driver.class), "local",
      "What carries the streams of POST /streams: local is Reelway itself with ffmpeg, aws is MediaLive, MediaPackage and "
          + "CloudFront (docs/workflow.md says what that needs).");
  public static final Setting<Integer> MOST = Setting.of(
      "reelway.workflow.most", Types.number(1, 10_000), "100",
      "Streams that there may be. One more is refused.");

  static final Setting.Group GROUP = new Setting.Group(
      "Live workflow", "Streams that are created, started, split and stopped by the API /streams (docs/workflow.md).",
      List.of(DRIVER, MOST));

  private WorkflowSettings() {}

  /** What carries streams. */
  public enum Driver {
    /** Reelway itself, by ffmpeg. */
    LOCAL,
    /** MediaLive, MediaPackage and CloudFront. */
    AWS
  }
}
