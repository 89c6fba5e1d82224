package org.reelway.settings.evostream;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.reelway.settings.Shown;

/** StreamLoadBalancer: all other EMS pull each stream from the one that it was published on. */
final class BalancerSteps implements Plugin.Step {
  private static final String HOSTS = "destination_uri";
  private static final String PROXIES = "destination_ems_apiproxies";
  private static final String MEMBERS = "reelway.routing.members";
  private static final String ADDRESS = "reelway.routing.address";

  @Override
  public void apply(Block block, Derivation to) {
    if (block.has(HOSTS) && block.has(PROXIES)) {
      to.problem(block.place(HOSTS), "is given beside " + PROXIES + ", which says the same for newer EMS; remove one of"
          + " them");
      return;
    }
    String given = block.has(HOSTS) ? HOSTS : PROXIES;
    List<Value> apis =
        block.has(HOSTS)
            ? block.texts(HOSTS).stream().map(host -> api(host, to)).flatMap(Optional::stream).toList()
            : block.proxies(PROXIES, to.findings()).stream().map(ApiProxy::api).flatMap(Optional::stream).toList();
    boolean complete = to.own(MEMBERS) || isComplete(block, given, to);
    String members = members(apis, to.ownText(ADDRESS));
    if (complete && !members.isEmpty()) {
      to.set(MEMBERS, new Value(block.place(given), members));
    }
    LocalEms.isAsked(block, to);
    LocalEms.isRead(block, to);
  }

  private static boolean isComplete(Block block, String given, Derivation to) {
    if (block.isEmpty(given)) {
      to.missing(block, given, MEMBERS);
    }
    boolean known = to.own(ADDRESS);
    if (!known) {
      to.problem(
          block.place(), "needs " + ADDRESS + ", which is not in this file; set it to host:port of this EMS's RTMP"
              + " as the others reach it, such as a.example.com:1935, or disable the plugin");
    }
    return known;
  }

  private static Optional<Value> api(Value host, Derivation to) {
    if (!StreamHost.isHost(host.text())) {
      to.problem(
          host.place(), "is " + Shown.quoted(host.text()) + "; allowed: a host name or an IP address, without port (the API"
              + " is asked on 7777)");
      return Optional.empty();
    }
    return Optional.of(host.with("http://" + host.text().strip() + ":7777"));
  }

  /** The same file may lie on every EMS: the one that this is is none of the others. */
  private static String members(List<Value> apis, String address) {
    return apis.stream()
        .filter(api -> !isAt(URI.create(api.text()).getHost(), address))
        .map(api -> "ems+" + api.text())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** @param address with or without port */
  private static boolean isAt(String host, String address) {
    return address.equalsIgnoreCase(host) || address.regionMatches(true, 0, host + ":", 0, host.length() + 1);
  }
}
