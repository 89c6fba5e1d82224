package org.reelway.settings;

import java.net.URI;
import java.util.List;

/**
 * A media server of a group: one that streams are sent to, or an EvoStream server that is told by its API to pull them.
 *
 * @param destination null where it is told by its API
 * @param api null where streams are sent to it
 */
public record GroupMember(DestinationUri destination, ServerApi api) {
  private static final String EMS = "ems+";

  /** Members, separated by commas. Never shown: a URI may hold a password or a key. */
  static final ValueType<List<GroupMember>> LIST = ValueType.secret(
      "list of URIs, secret",
      "ems+http or ems+https (the API of an EvoStream server, which pulls), or as reelway.routing.destinations",
      text -> ValueType.hiddenList(text, "URIs", GroupMember::parse));

  /** Whether it pulls. */
  public boolean isTold() {
    return api != null;
  }

  public String host() {
    return isTold() ? api.uri().getHost() : destination.host();
  }

  /** Without secrets. */
  public static String shown(ServerApi api) {
    return EMS + api.uri();
  }

  @Override
  public String toString() {
    return isTold() ? shown(api) : destination.shown();
  }

  private static GroupMember parse(String text) {
    if (!text.regionMatches(true, 0, EMS, 0, EMS.length())) {
      return new GroupMember(DestinationUri.parse(text), null);
    }
    ServerApi.Login login = ServerApi.Login.parse(text.substring(EMS.length()));
    URI uri = login.uri();
    return new GroupMember(null, new ServerApi(ServerApi.Kind.EMS, uri.getAuthority(), uri, login.userInfo()));
  }
}
