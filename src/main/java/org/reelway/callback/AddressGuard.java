package org.reelway.callback;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.reelway.transfer.http.HostNames;

/**
 * Gives a client the allowed addresses of a host only. The client connects to what it is given here and looks nothing up
 * itself: a name that becomes another address between the check and the connection is no way in.
 */
final class AddressGuard implements DnsResolver {
  private final AllowedHosts allowed;
  private final HostNames names;
  private final Duration longest;

  /** @param longest how long the name service may take */
  AddressGuard(AllowedHosts allowed, HostNames.Lookup lookup, Duration longest) {
    this.allowed = allowed;
    this.names = new HostNames(lookup);
    this.longest = longest;
  }

  @Override
  public InetAddress[] resolve(String name) throws UnknownHostException {
    String host = name.replaceAll("^\\[|\\]$", "");
    List<InetAddress> all = names.of(host, longest);
    List<InetAddress> open = all.stream().filter(address -> allowed.allows(host, address)).toList();
    if (open.isEmpty()) {
      throw new UnknownHostException(
          host + (all.isEmpty() ? " has no address" : " is a private address ("
              + all.get(0).getHostAddress() + "); to allow it, add the host to reelway.callbacks.allow-private"));
    }
    return open.toArray(InetAddress[]::new);
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }
}
