package org.reelway.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code reelway.routing.*} and {@code reelway.relay.*}: streams that are sent on to destinations. */
public final class RoutingSettings {
  public static final Setting<List<DestinationUri>> DESTINATIONS = Setting.optional(
      "reelway.routing.destinations", DestinationUri.LIST,
      "Where each stream that reelway.routing.streams names is sent to while it is on; nothing for nowhere. Several are "
          + "separated by commas; a comma in a URI is written %2C. Routes call each by its host, or by a name in front of it: "
          + "vip=rtmps://host/app/key.");
  public static final Setting<StreamFilter> STREAMS = Setting.of(
      "reelway.routing.streams", StreamFilter.TYPE, "",
      "Which streams are sent on, by their names; nothing for all.");
  public static final Setting<String> SOURCE = Setting.of(
      "reelway.routing.source", AddressTypes.stream("{stream}, and {app} where that differs"),
      "rtmp://127.0.0.1:1935/{app}/{stream}",
      "Where the media server gives a stream out: it is read from there. {app} is the stream's application (live where "
          + "the media server does not say).");
  public static final Setting<String> ADDRESS = Setting.optional(
      "reelway.routing.address", Types.text("[A-Za-z0-9._:\\[\\]-]{1,260}", "host:port"),
      "The media server's address as the destinations see it, such as a.example.com:1935. A stream is told which servers "
          + "it came through, and is not sent back to one of them. Set it where media servers send to each other.");
  public static final Setting<List<GroupMember>> MEMBERS = Setting.optional(
      "reelway.routing.members", GroupMember.LIST,
      "The media servers of a group, in which each has the streams of all: those published on this one go to all others. "
          + "The list may be the same on each; the one at reelway.routing.address is this one. An EvoStream server's API "
          + "(ems+http://user:password@b.example.com:7777) is told to pull.");
  public static final Setting<RoutedBy> BY = Setting.of(
      "reelway.routing.by", Types.choice(RoutedBy.class), "server",
      "Who sends streams on: the media server itself, or always an ffmpeg of Reelway's. An EvoStream server of "
          + "reelway.servers.api is told to push to rtmp, rtmps and rtsp; what it cannot do goes by an ffmpeg.");
  public static final Setting<Integer> MOST = Setting.of(
      "reelway.relay.most", Types.number(1, 1000), "100",
      "Relays, each a copy of a stream to a destination by an ffmpeg of its own, that run at the same time.");
  public static final Setting<Duration> STALL_AFTER = Setting.of(
      "reelway.relay.stall-after", Types.duration("2s", "10m"), "10s",
      "How long nothing may go through a relay until it is ended and begun anew.");
  public static final Setting<Duration> RETRY_MAX = Setting.of(
      "reelway.relay.retry-max", Types.duration("100ms", "1h"), "30s",
      "The longest pause before a relay is begun anew; the first is a second, and each failure doubles it. It is never "
          + "given up while its stream is on.");

  public static final Setting<Path> CA_FILE = Setting.optional(
      "reelway.relay.ca-file", Folders.PATH,
      "PEM file with certificates of authorities that are trusted beside those of the JVM when a stream goes to an rtmps, "
          + "rtsps or https destination. It is read again when it changes. Certificates and names are always checked; "
          + "nothing turns that off.");

  static final Setting.Group GROUP = new Setting.Group(
      "Routing", "Streams that are sent on to destinations (docs/relays.md).",
      List.of(DESTINATIONS, STREAMS, SOURCE, ADDRESS, MEMBERS, BY, MOST, STALL_AFTER, RETRY_MAX, CA_FILE));

  private RoutingSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(
        byAddress(DESTINATIONS),
        new CrossRule(
            List.of(MEMBERS, ADDRESS),
            MEMBERS,
            settings -> settings.get(MEMBERS) == null || settings.get(ADDRESS) != null
                ? Optional.empty()
                : Optional.of("needs " + ADDRESS + ": without it, members send each other's streams back")),
        new CrossRule(
            List.of(MEMBERS, ADDRESS),
            ADDRESS,
            settings -> settings.get(MEMBERS) == null || settings.get(ADDRESS) == null
                ? Optional.empty()
                : CrossRule.problemIf(
                    isLoopback(settings.get(ADDRESS))
                        && settings.get(MEMBERS).stream().anyMatch(member -> !isLoopback(member.host())),
                    MessageText.quoted(settings.get(ADDRESS)) + " is this machine to each member, and not all of "
                        + MEMBERS + " are on it; name the address by which the others reach this media server")));
  }

  /** @param address with or without its port */
  private static boolean isLoopback(String address) {
    boolean v6 = address.startsWith("[") || address.indexOf(':') != address.lastIndexOf(':');
    String host = v6 ? address.replaceAll("^\\[|].*$", "") : address.replaceFirst(":.*", "");
    return CrossRule.isLoopback(host);
  }

  private static CrossRule byAddress(Setting<List<DestinationUri>> setting) {
    return new CrossRule(
        List.of(setting, CA_FILE),
        setting,
        settings -> settings.get(setting) == null || settings.get(CA_FILE) != null
            ? Optional.empty()
            : settings.get(setting).stream().filter(DestinationUri::isTlsByAddress).findFirst()
                .map(each -> "has " + each + ", an address with which no public certificate can be compared: name the host,"
                    + " or set " + CA_FILE + ", whose authorities alone are then trusted for it"));
  }

  /** Who sends a stream on. */
  public enum RoutedBy {
    /** The media server, where Reelway can tell it to; else ffmpeg. */
    SERVER,
    /** An ffmpeg of Reelway's own, always. */
    REELWAY
  }
}
