package org.reelway.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/**
 * A destination of streams, {@code rtmp://host/app/{stream}} for example. Taken are rtmp, rtmps, srt, rtsp, rtsps, udp and
 * http(s) (HLS by PUT). {@code {stream}} stands for the stream's name, {@code {via}} for where it has been. Refused is what could not be kept from the list of
 * processes, which every user of the machine sees.
 */
public final class DestinationUri {
  /** Never shown: stream keys are secrets. */
  static final ValueType<List<DestinationUri>> LIST = ValueType.secret(
      "list of URIs, secret",
      "rtmp, rtmps, srt, rtsp, rtsps, udp, http or https (HLS), name= in front of it if you like; {stream} for the"
          + " stream's name",
      DestinationUri::list);

  private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,63})=(?=[A-Za-z][A-Za-z0-9+.-]*://)");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^}]*}");
  private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}");
  private static final String STREAM = "{stream}";
  private static final String VIA = "{via}";
  private static final Pattern VIA_PARAMETER = Pattern.compile("(^|.*&)reelwayVia=\\{via}(&.*|$)");
  private static final String HIDDEN = "***";
  private static final Map<String, Integer> PORTS =
      Map.of("rtmp", 1935, "rtmps", 443, "srt", 0, "rtsp", 554, "rtsps", 322, "udp", 0, "http", 80, "https", 443);

  private final String name;
  private final String text;
  private final String scheme;
  private final String userInfo;
  private final String host;
  private final int port;
  private final String path;
  private final String query;

  private DestinationUri(String name, String text) {
    this.name = name;
    this.text = text;
    URI uri = uri(text);
    this.scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!PORTS.containsKey(scheme)) {
      throw refused(
          "its scheme \"" + scheme + "\" is none of " + String.join(", ", PORTS.keySet().stream().sorted().toList()));
    }
    if (uri.getHost() == null) {
      throw refused("it has no valid host");
    }
    this.host = uri.getHost();
    this.port = uri.getPort() < 0 ? PORTS.get(scheme) : uri.getPort();
    this.userInfo = uri.getUserInfo();
    this.path = original(uri.getRawPath());
    this.query = uri.getRawQuery() == null ? "" : original(uri.getRawQuery());
    requireComplete();
  }

  /**
   * @param text the URI, or {@code name=URI}
   * @throws InputFailure when it cannot be used, or when a secret in it could not be hidden; the message shows no secret
   */
  public static DestinationUri parse(String text) {
    Matcher named = NAMED.matcher(text.strip());
    return named.lookingAt()
        ? new DestinationUri(named.group(1), text.strip().substring(named.end()))
        : new DestinationUri("", text.strip());
  }

  private static List<DestinationUri> list(String text) {
    List<DestinationUri> all = ValueType.hiddenList(text, "URIs", DestinationUri::parse);
    Set<String> names = new HashSet<>();
    all.stream().map(DestinationUri::name).filter(name -> !name.isEmpty() && !names.add(name)).findFirst()
        .ifPresent(twice -> {
          throw new InputFailure("two destinations are named " + twice + "; give each a name of its own");
        });
    return all;
  }

  private URI uri(String words) {
    PLACEHOLDER.matcher(words).results().map(MatchResult::group).filter(each -> !each.equals(STREAM) && !each.equals(VIA))
        .findFirst()
        .ifPresent(unknown -> {
          throw refused("the placeholder " + unknown + " is not known; {stream} and {via} are");
        });
    try {
      return new URI(words.replace("{", "%7B").replace("}", "%7D")).parseServerAuthority();
    } catch (URISyntaxException e) {
      throw refused("it is no URI: " + e.getReason());
    }
  }

  private static String original(String part) {
    return part == null ? "" : part.replace("%7B", "{").replace("%7D", "}");
  }

  private void requireComplete() {
    if (port <= 0 || port > 65535) {
      throw refused("it has no port");
    }
    if (userInfo != null && !isHttp()) {
      throw refused(
          "it holds a user name and a password, which every user of this machine would see in the list of processes;"
              + (isRtmp()
                  ? " use a stream key (the last part of the path)"
                  : " let the destination know this machine otherwise"));
    }
    if (isRtmp() && streamPart().isEmpty()) {
      throw refused("it has no stream after its application, as in rtmp://host/app/{stream}");
    }
    if (text.contains(VIA) && !(isRtmp() && VIA_PARAMETER.matcher(query).matches() && path.indexOf(VIA) < 0)) {
      throw refused("{via} stands in the query of an RTMP URI only, as reelwayVia={via}");
    }
    if (!query.isEmpty() && scheme.startsWith("rtsp")) {
      throw refused("it has a query, which every user of this machine would see in the list of processes");
    }
    if (isHttp() && !path.endsWith(".m3u8")) {
      throw refused("HLS is sent to a playlist, whose name ends with .m3u8");
    }
  }

  /** What it is called in routes; empty where nobody gave it a name. */
  public String name() {
    return name;
  }

  /** In lower case. */
  public String scheme() {
    return scheme;
  }

  public boolean isRtmp() {
    return scheme.startsWith("rtmp");
  }

  private boolean isHttp() {
    return scheme.startsWith("http");
  }

  public String host() {
    return host;
  }

  /** Whether it is the name of a host and not its address. */
  public static boolean isName(String host) {
    return !host.startsWith("[") && !ADDRESS.matcher(host).matches();
  }

  /** Whether ffmpeg checks its certificate, which it compares with a name only. */
  public boolean isTlsByAddress() {
    return (scheme.equals("rtmps") || scheme.equals("rtsps")) && !isName(host);
  }

  public int port() {
    return port;
  }

  /** {@code host:port}. */
  public String authority() {
    return host + ":" + port;
  }

  /** {@code name:password}; null for none. A secret. */
  public String userInfo() {
    return userInfo;
  }

  /** With the stream's name in its place, as it is. */
  public String path(String stream) {
    return path.replace(STREAM, stream);
  }

  /** Likewise; empty for none. May hold secrets. */
  public String query(String stream) {
    return query.replace(STREAM, stream);
  }

  /** Of RTMP: the first part of the path, or the first two where there are three, as RTMP clients take them. */
  public String application(String stream) {
    return path.substring(1, path.length() - streamPart().length() - 1).replace(STREAM, stream);
  }

  /**
   * Of RTMP: what follows the application, with the query. A secret.
   *
   * @param via servers that the stream came through
   */
  public String streamName(String stream, String via) {
    // Not the other way round: a stream's name may hold what looks like a placeholder.
    String filled = query.replace(VIA, via).replace(STREAM, stream);
    return streamPart().replace(STREAM, stream) + (query.isEmpty() ? "" : "?" + filled);
  }

  /** Whether its query tells where a stream has been. */
  public boolean tellsVia() {
    return query.contains(VIA);
  }

  private String streamPart() {
    String[] parts = path.isEmpty() ? new String[0] : path.substring(1).split("/", 3);
    return parts.length < 2 ? "" : parts[parts.length - 1];
  }

  /** The URI without secrets. */
  public String shown() {
    return shown(STREAM);
  }

  /** Constant words of a stream's name or a query are keys, and hidden; the stream's own name is none. */
  public String shown(String stream) {
    String start = scheme + "://" + (userInfo == null ? "" : HIDDEN + "@") + authority();
    String end = query.isEmpty() ? "" : "?" + HIDDEN;
    if (!isRtmp()) {
      return start + path(stream) + end;
    }
    String name = streamPart().equals(STREAM) ? stream : streamPart().contains(STREAM) ? HIDDEN + stream : HIDDEN;
    return start + "/" + application(stream) + "/" + name + end;
  }

  private InputFailure refused(String why) {
    return new InputFailure("the destination " + safe() + " cannot be used: " + why);
  }

  /** Scheme and host of what may be no URI at all. */
  private String safe() {
    return text.replaceFirst("^([A-Za-z0-9+.-]{1,10}://)?(?:[^@/]*@)?([^/?]{0,100})[\\s\\S]*$", "$1$2/...");
  }

  @Override
  public String toString() {
    return shown();
  }
}
