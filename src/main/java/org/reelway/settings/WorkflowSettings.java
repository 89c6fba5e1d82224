package org.reelway.settings;

import java.net.URI;
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
  public static final Setting<String> VIEWER_PREFIX = Setting.of(
      "reelway.workflow.viewer-prefix",
      Types.text("(?!.*(^|/)\\.\\.?(/|$))[A-Za-z0-9._-]{1,100}(/[A-Za-z0-9._-]{1,50}){0,2}",
          "one to three segments of letters, digits, dots, hyphens and underscores, separated by /"),
      "viewer",
      "What stands between reelway.store.prefix and a stream's id in the keys of what viewers get. All below it, and nothing "
          + "else of the bucket, is served at /watch.");
  public static final Setting<URI> VIEWER_URL = Setting.optional(
      "reelway.workflow.viewer-url", AddressTypes.SERVICE,
      "Address under which players find what is below the viewer prefix, such as that of a CDN: https://cdn.example.com/live. "
          + "Where it is not set, Reelway serves it itself at /watch (docs/workflow.md).");

  static final Setting.Group GROUP = new Setting.Group(
      "Live workflow", "Streams that are created, started, split and stopped by the API /streams (docs/workflow.md).",
      List.of(DRIVER, MOST, VIEWER_PREFIX, VIEWER_URL));

  private WorkflowSettings() {}

  /** What carries streams. */
  public enum Driver {
    /** Reelway itself, by ffmpeg. */
    LOCAL,
    /** MediaLive, MediaPackage and CloudFront. */
    AWS
  }
}
