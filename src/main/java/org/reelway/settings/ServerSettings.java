package org.reelway.settings;

import java.nio.file.Path;
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
  public static final Setting<Path> EVENT_LOG = Setting.optional(
      "reelway.servers.event-log", Folders.PATH,
      "Folder of the event log files of an EvoStream server on this machine (a sink of type file and format json), which are read "
          + "as they grow, in place of its posts.");
  public static final Setting<String> EVENT_LOG_FILES = Setting.of(
      "reelway.servers.event-log-files", Types.FILE_PATTERN, "events*",
      "Names of these files, by a pattern with * and ?. It has to match files that are rotated, too.");

  static final Setting.Group GROUP = new Setting.Group(
      "Media servers", "The media servers whose streams are known (docs/events.md).", 
      List.of(API, ASK_EVERY, EVENT_LOG, EVENT_LOG_FILES));

  private ServerSettings() {}
}
