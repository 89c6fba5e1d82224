package org.reelway.stream.relay;

import java.util.List;
import org.reelway.settings.DestinationUri;
import org.reelway.settings.GroupMember;
import org.reelway.settings.RoutingSettings;
import org.reelway.settings.RoutingSettings.RoutedBy;
import org.reelway.settings.ServerApi;
import org.reelway.settings.ServerSettings;
import org.reelway.settings.Settings;

/**
 * The media servers around this one.
 *
 * @param self this media server's address of RTMP, {@code host:port}; null where it is not known
 * @param sentTo members that streams are sent to, this one included: it is left out by its address
 * @param pulling members that are told to pull, without this one
 * @param pushing this Reelway's own media servers that may be told to push
 */
public record Group(String self, List<DestinationUri> sentTo, List<ServerApi> pulling, List<ServerApi> pushing) {
  private static final String RTMP_PORT = ":1935";

  public static Group of(List<GroupMember> members, Settings settings) {
    String address = settings.get(RoutingSettings.ADDRESS);
    List<ServerApi> own = settings.isSet(ServerSettings.API) ? settings.get(ServerSettings.API) : List.of();
    return of(members, address, own, settings.get(RoutingSettings.BY));
  }

  static Group of(List<GroupMember> members, String address, List<ServerApi> own, RoutedBy by) {
    String self = address == null || address.contains(":") ? address : address + RTMP_PORT;
    List<ServerApi> ems = own.stream().filter(api -> api.kind() == ServerApi.Kind.EMS).toList();
    return new Group(
        self,
        members.stream().filter(member -> !member.isTold()).map(GroupMember::destination).toList(),
        members.stream().filter(GroupMember::isTold).map(GroupMember::api).filter(api -> !isSelf(api, self, ems))
            .toList(),
        by == RoutedBy.SERVER ? ems : List.of());
  }

  /**
   * By the host that others reach this server by, or as the API that is asked for its streams. Where that is known, another
   * port of this host is another server.
   */
  private static boolean isSelf(ServerApi member, String self, List<ServerApi> own) {
    boolean asked = own.stream().anyMatch(api -> api.uri().getAuthority().equalsIgnoreCase(member.uri().getAuthority()));
    boolean here = self != null && self.substring(0, self.lastIndexOf(':')).equalsIgnoreCase(member.uri().getHost());
    boolean port = own.isEmpty() || own.stream().anyMatch(api -> port(api) == port(member));
    return asked || here && port;
  }

  private static int port(ServerApi api) {
    int port = api.uri().getPort();
    return port >= 0 ? port : api.uri().getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }
}
