package org.reelway.callback;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Gives a client the allowed addresses of a host only. The client connects to what it is given here and looks nothing up
 * itself: a name that becomes another address between the check and the connection is no way in.
 */
final class AddressGuard implements DnsResolver {
  private final AllowedHosts allowed;
  private final Names names;
  private final Duration longest;

  /** @param longest how long the name service may take */
  AddressGuard(AllowedHosts allowed, Names.Lookup lookup, Duration longest) {
    this.allowed = allowed;
    this.names = new Names(lookup);
    this.longest = longest;
  }

  @Override
  public InetAddress[] resolve(String name) throws UnknownHostException {
    String host = name.replaceAll("^\\[|\\]$", "");
    List<InetAddress> all = addresses(host);
    List<InetAddress> open = all.stream().filter(address -> allowed.allows(host, address)).toList();
    if (open.isEmpty()) {
      throw new UnknownHostException(
          host + (all.isEmpty() ? " has no address" : " is a private address ("
              + all.get(0).getHostAddress() + "); to allow it, add the host to reelway.callbacks.allow-private"));
    }
    return open.toArray(InetAddress[]::new);
  }

  private List<InetAddress> addresses(String host) throws UnknownHostException {
    try {
      return names.of(host, longest);
    } catch (IOException e) {
      throw new UnknownHostException(e.getMessage());
    }
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }
}
