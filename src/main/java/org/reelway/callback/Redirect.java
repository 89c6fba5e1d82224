package org.reelway.callback;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;

/**
 * Where a redirect may lead to: the same host and port, or from http to https on the host's usual ports. The method stays
 * POST, which 303 forbids (RFC 9110, 15.4.4).
 */
final class Redirect {
  private Redirect() {}

  static boolean is(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  /**
   * @param location where it leads to; null where the answer does not say
   * @throws IOException where it is not followed, with the reason
   */
  static URI follow(URI from, int status, String location) throws IOException {
    if (status == 303) {
      throw new IOException("it answers 303, which no POST can follow");
    }
    if (location == null) {
      throw new IOException("it answers " + status + " without Location");
    }
    URI to;
    try {
      to = from.resolve(URI.create(location));
    } catch (IllegalArgumentException e) {
      throw new IOException("it redirects to what is no URL", e);
    }
    if (to.getHost() == null || to.getRawUserInfo() != null || !isSameHost(from, to)) {
      throw new IOException(
          "it redirects to another host (" + (to.getHost() == null ? "?" : authority(to)) + "), which is not followed; set"
              + " the URL that it means");
    }
    return to;
  }

  private static boolean isSameHost(URI from, URI to) {
    boolean sameHost = host(from).equalsIgnoreCase(host(to));
    boolean samePlace = isSecure(from) == isSecure(to) && port(from) == port(to);
    boolean upgraded = !isSecure(from) && isSecure(to) && port(from) == 80 && port(to) == 443;
    return sameHost && "https http".contains(scheme(to)) && (samePlace || upgraded);
  }

  private static String scheme(URI uri) {
    return uri.getScheme().toLowerCase(Locale.ROOT);
  }

  static boolean isSecure(URI uri) {
    return scheme(uri).equals("https");
  }

  /** Without the brackets of IPv6. */
  static String host(URI uri) {
    return uri.getHost().replaceAll("^\\[|\\]$", "");
  }

  static int port(URI uri) {
    return uri.getPort() > 0 ? uri.getPort() : isSecure(uri) ? 443 : 80;
  }

  /** As the header {@code Host} has it. */
  static String authority(URI uri) {
    return uri.getHost() + (uri.getPort() > 0 ? ":" + uri.getPort() : "");
  }
}
