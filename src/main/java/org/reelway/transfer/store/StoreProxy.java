package org.reelway.transfer.store;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * An HTTP proxy on the way to the store, spoken to without TLS.
 *
 * @param host a name or an address, IPv6 without brackets
 * @param username null, with password null, where the proxy asks for none
 * @param exceptions hosts that are reached without it: a name with all names below it, an address, or {@code *}
 */
public record StoreProxy(String host, int port, String username, String password, List<String> exceptions) {
  public StoreProxy {
    exceptions = exceptions.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  /** @param target a host, IPv6 without brackets */
  public boolean isFor(String target) {
    String name = target.toLowerCase(Locale.ROOT);
    return exceptions.stream().noneMatch(exception -> covers(exception, name));
  }

  private static boolean covers(String exception, String name) {
    String bare = exception.replaceAll("^(\\*?\\.|\\[)|\\]$", "");
    return exception.equals("*") || name.equals(bare) || name.endsWith("." + bare);
  }

  /** The value of {@code Proxy-Authorization} (RFC 7617); null where there is none. */
  public String authorization() {
    if (username == null) {
      return null;
    }
    byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /** Its address for people. */
  public String shown() {
    return "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /** Never shows the password. */
  @Override
  public String toString() {
    return "StoreProxy[" + shown() + "]";
  }
}
