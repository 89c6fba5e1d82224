package org.reelway.settings.evostream;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A host that EvoStream's plugins send streams to, {@code rtmp://<host>/live} as they have it, or a whole URI. */
final class StreamHost {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]");
  private static final Pattern WITH_PORT = Pattern.compile("(" + HOST + ")(:\\d{1,5})?");
  private static final Pattern RTMP = Pattern.compile("(rtmps?://[^/]+)/?(|[^/?]+/?)");

  private StreamHost() {}

  /** Where its streams go to, with commas escaped; empty where it is neither host, host and port, nor URI. */
  static Optional<String> destination(String text) {
    String given = text.strip();
    if (WITH_PORT.matcher(given).matches()) {
      return Optional.of("rtmp://" + given + "/live/{stream}");
    } else if (given.contains("://")) {
      return Optional.of(complete(given).replace(",", "%2C"));
    }
    return Optional.empty();
  }

  /** Without a port, and one that a URI may have: underscores are none of its letters. */
  static boolean isHost(String text) {
    try {
      return HOST.matcher(text.strip()).matches() && new URI("rtmp://" + text.strip()).getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** EMS adds the stream's name itself. */
  private static String complete(String uri) {
    Matcher rtmp = RTMP.matcher(uri);
    if (!rtmp.matches()) {
      return uri;
    }
    String application = rtmp.group(2).replace("/", "");
    return rtmp.group(1) + "/" + (application.isEmpty() ? "live" : application) + "/{stream}";
  }
}
