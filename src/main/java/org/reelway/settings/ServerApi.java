package org.reelway.settings;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.reelway.failure.InputFailure;

/**
 * Where a media server tells of its streams.
 *
 * @param name of the server, as its events have it
 * @param uri base of the API, without user and password; of nginx-rtmp the page of rtmp_stat, or of rtmp_control
 * @param userInfo {@code user:password} for basic authentication; empty for none. A secret
 */
public record ServerApi(Kind kind, String name, URI uri, String userInfo) {
  private static final String ALLOWED =
      "[name=]kind:URI, separated by commas; kinds: nginx-rtmp (its rtmp_stat page), nginx-rtmp-control (its rtmp_control"
          + " page), srs, mediamtx, ems, wcs; such as nginx-rtmp:http://127.0.0.1:8080/stat,edge2=srs:http://192.0.2.7:1985;"
          + " user:password@ before the host where the API wants them";

  /** Entries {@code [name=]kind:URI}, separated by commas. Never shown: a URI may hold a password. */
  static final ValueType<List<ServerApi>> LIST = ValueType.secret("list, secret", ALLOWED, ServerApi::list);

  /** One that asks for no password. */
  public ServerApi(Kind kind, String name, URI uri) {
    this(kind, name, uri, "");
  }

  /** APIs that are understood. */
  public enum Kind {
    NGINX_RTMP("nginx-rtmp", "nginx-rtmp", true),
    /** Only has streams recorded. */
    NGINX_RTMP_CONTROL("nginx-rtmp-control", "nginx-rtmp", false),
    SRS("srs", "srs", true),
    MEDIAMTX("mediamtx", "mediamtx", true),
    EMS("ems", "ems", true),
    /** Only has streams recorded. */
    WCS("wcs", "wcs", false);

    private final String word;
    private final String source;
    private final boolean lists;

    Kind(String word, String source, boolean lists) {
      this.word = word;
      this.source = source;
      this.lists = lists;
    }

    public String word() {
      return word;
    }

    /** The source of this server's events. */
    public String source() {
      return source;
    }

    /** Whether it tells which streams are on. */
    public boolean lists() {
      return lists;
    }
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return kind.word() + " " + name + " at " + uri;
  }

  private static List<ServerApi> list(String text) {
    List<ServerApi> apis = ValueType.hiddenList(text, "entries", ServerApi::api);
    Set<String> names = new HashSet<>();
    for (ServerApi api : apis) {
      if (!names.add(api.kind() + " " + api.name())) {
        throw new InputFailure("two APIs are those of " + api.kind().word() + " " + MessageText.quoted(api.name())
            + "; give each server a name of its own, here and as ?server= in its hooks");
      }
    }
    return apis;
  }

  private static ServerApi api(String entry) {
    int scheme = entry.indexOf("://");
    int equals = entry.indexOf('=');
    boolean named = equals >= 0 && (scheme < 0 || equals < scheme);
    String name = named ? entry.substring(0, equals).strip() : "";
    String rest = entry.substring(named ? equals + 1 : 0).strip();
    int colon = rest.indexOf(':');
    String word = colon < 0 ? rest : rest.substring(0, colon);
    Kind kind =
        Arrays.stream(Kind.values())
            .filter(each -> each.word().equals(word))
            .findFirst()
            .orElseThrow(() -> new InputFailure(
                MessageText.quoted(shown(entry)) + " names no kind of server; allowed: " + ALLOWED));
    if (named && !name.matches("[A-Za-z0-9_.:@\\[\\]-]{1,100}")) {
      throw new InputFailure(
          MessageText.quoted(name) + " is no name of a server; allowed: up to 100 letters, digits and _.:-@[]");
    }
    Login login = Login.parse(rest.substring(colon + 1).strip());
    return new ServerApi(kind, named ? name : host(login.uri()), login.uri(), login.userInfo());
  }

  /** Without what could be a password. */
  private static String shown(String entry) {
    return entry.contains("@") ? "***@" + entry.substring(entry.lastIndexOf('@') + 1) : entry;
  }

  private static String host(URI uri) {
    return uri.getHost().equals("localhost") ? "127.0.0.1" : uri.getHost();
  }

  /**
   * An HTTP service and who asks it, {@code http://user:password@host:port} as people write it.
   *
   * @param uri without user and password
   * @param userInfo {@code user:password}; empty for none. A secret
   */
  record Login(URI uri, String userInfo) {

    /** @throws InputFailure whose message shows no password */
    static Login parse(String text) {
      int start = text.indexOf("://") + 3;
      int slash = start < 3 ? -1 : text.indexOf('/', start);
      String authority = start < 3 ? "" : text.substring(start, slash < 0 ? text.length() : slash);
      int at = authority.lastIndexOf('@');
      String rest = at < 0 ? text : text.substring(0, start) + text.substring(start + at + 1);
      if (rest.contains("@")) {
        throw new InputFailure(
            "the URI of a server's API (not shown) has an @ where no user and password are; write @ and / in a password as"
                + " %40 and %2F");
      }
      return new Login(AddressTypes.SERVICE.parse(rest), at < 0 ? "" : decoded(authority.substring(0, at)));
    }

    private static String decoded(String userInfo) {
      try {
        String decoded = URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
        if (decoded.indexOf(':') > 0 && decoded.chars().noneMatch(Character::isISOControl)) {
          return decoded;
        }
      } catch (IllegalArgumentException notEscaped) {
        // Said below: the decoder's message would show the text.
      }
      throw new InputFailure(
          "the user and password (not shown) of a server's API are not user:password; write %, @, / and commas in them as"
              + " %25, %40, %2F and %2C");
    }

    @Override
    public String toString() {
      return (userInfo.isEmpty() ? "" : "***@") + uri;
    }
  }
}
