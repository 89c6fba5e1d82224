package org.reelway.settings;

import java.net.URI;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.reelway.failure.InputFailure;

/** Entries {@code [name=]kind:URI}, separated by commas. Never shown: a URI may hold a password. */
final class ServerApiListType implements ValueType<List<ServerApi>> {
  private static final String EXAMPLE = "nginx-rtmp:http://127.0.0.1:8080/stat,edge2=srs:http://192.0.2.7:1985";

  @Override
  public String text() {
    return "list, secret";
  }

  @Override
  public String allowed() {
    return "[name=]kind:URI, separated by commas; kinds: nginx-rtmp (its rtmp_stat page), nginx-rtmp-control (its"
        + " rtmp_control page), srs, mediamtx, ems, wcs; such as " + EXAMPLE + "; user:password@ before the host where the API wants them";
  }

  @Override
  public boolean isSecret() {
    return true;
  }

  @Override
  public List<ServerApi> parse(String text) {
    List<String> entries = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    if (entries.contains("")) {
      throw new InputFailure("the list (not shown) has an empty entry; write entries separated by single commas");
    }
    List<ServerApi> apis = entries.stream().map(this::api).toList();
    Set<String> names = new HashSet<>();
    for (ServerApi api : apis) {
      if (!names.add(api.kind() + " " + api.name())) {
        throw new InputFailure("two APIs are those of " + api.kind().word() + " " + Shown.quoted(api.name())
            + "; give each server a name of its own, here and as ?server= in its hooks");
      }
    }
    return apis;
  }

  private ServerApi api(String entry) {
    int scheme = entry.indexOf("://");
    int equals = entry.indexOf('=');
    boolean named = equals >= 0 && (scheme < 0 || equals < scheme);
    String name = named ? entry.substring(0, equals).strip() : "";
    String rest = entry.substring(named ? equals + 1 : 0).strip();
    int colon = rest.indexOf(':');
    String word = colon < 0 ? rest : rest.substring(0, colon);
    ServerApi.Kind kind =
        Arrays.stream(ServerApi.Kind.values())
            .filter(each -> each.word().equals(word))
            .findFirst()
            .orElseThrow(() -> new InputFailure(
                Shown.quoted(shown(entry)) + " names no kind of server; allowed: " + allowed()));
    if (named && !name.matches("[A-Za-z0-9_.:@\\[\\]-]{1,100}")) {
      throw new InputFailure(
          Shown.quoted(name) + " is no name of a server; allowed: up to 100 letters, digits and _.:-@[]");
    }
    HttpLogin login = HttpLogin.parse(rest.substring(colon + 1).strip());
    return new ServerApi(kind, named ? name : host(login.uri()), login.uri(), login.userInfo());
  }

  /** Without what could be a password. */
  private static String shown(String entry) {
    return entry.contains("@") ? "***@" + entry.substring(entry.lastIndexOf('@') + 1) : entry;
  }

  private static String host(URI uri) {
    return uri.getHost().equals("localhost") ? "127.0.0.1" : uri.getHost();
  }
}
