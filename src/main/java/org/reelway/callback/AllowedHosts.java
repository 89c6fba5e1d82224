package org.reelway.callback;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/**
 * Which addresses may be connected to: those of the open internet, and those that the operator allows by the name or the
 * address of their host.
 *
 * @param names hosts, each with all names below it, addresses, or {@code *} for all
 */
public record AllowedHosts(List<String> names) {
  public AllowedHosts {
    names = names.stream().map(name -> bare(name.toLowerCase(Locale.ROOT))).toList();
  }

  /** @param host a name or an address as it is in the URL */
  boolean allows(String host, InetAddress address) {
    return PublicAddress.is(address)
        || names.stream().anyMatch(name -> covers(name, bare(host.toLowerCase(Locale.ROOT))))
        || names.contains(address.getHostAddress());
  }

  private static boolean covers(String name, String host) {
    return name.equals("*") || host.equals(name) || host.endsWith("." + name);
  }

  private static String bare(String name) {
    return name.replaceAll("^(\\*?\\.|\\[)|\\]$", "");
  }
}
