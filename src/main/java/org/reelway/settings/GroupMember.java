package org.reelway.settings;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.reelway.failure.InputFailure;

/**
 * A media server of a group: one that streams are sent to, or an EvoStream server that is told by its API to pull them.
 *
 * @param destination null where it is told by its API
 * @param api null where streams are sent to it
 */
public record GroupMember(DestinationUri destination, ServerApi api) {
  private static final String EMS = "ems+";

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
    HttpLogin login = HttpLogin.parse(text.substring(EMS.length()));
    URI uri = login.uri();
    return new GroupMember(null, new ServerApi(ServerApi.Kind.EMS, uri.getAuthority(), uri, login.userInfo()));
  }

  /** Members, separated by commas. Never shown: a URI may hold a password or a key. */
  static final class ListType implements ValueType<List<GroupMember>> {
    @Override
    public String text() {
      return "list of URIs, secret";
    }

    @Override
    public String allowed() {
      return "ems+http or ems+https (the API of an EvoStream server, which pulls), or as reelway.routing.destinations";
    }

    @Override
    public List<GroupMember> parse(String text) {
      List<String> entries = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
      if (entries.contains("")) {
        throw new InputFailure("the list (not shown) has an empty entry; write URIs separated by single commas");
      }
      return entries.stream().map(GroupMember::parse).toList();
    }

    @Override
    public boolean isSecret() {
      return true;
    }
  }
}
