package org.reelway.settings;

import java.time.Duration;
import java.util.List;

/** {@code reelway.servers.*}: the media servers whose streams are known. */
public final class ServerSettings {
  public static final Setting<List<ServerApi>> API = Setting.optional(
      "reelway.servers.api", ServerApi.LIST,
      "APIs of media servers that are asked which streams are on, so that lost events and restarts are put right. The name "
          + "is the one behind ?server= of their hooks, or the host of the URI where they have none.");
  public static final Setting<Duration> ASK_EVERY = Setting.of(
      "reelway.servers.ask-every", Types.duration("1s", "1h"), "10s",
      "Time between two questions to each API, and so how long a stream may be known wrongly after a lost event.");

  static final Setting.Group GROUP = new Setting.Group(
      "Media servers", "The media servers whose streams are known (docs/events.md).", List.of(API, ASK_EVERY));

  private ServerSettings() {}
}
