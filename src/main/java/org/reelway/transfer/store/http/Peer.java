package org.reelway.transfer.store.http;

import java.util.Locale;

/**
 * Where a connection goes.
 *
 * @param host a name or an address, IPv6 without brackets
 */
public record Peer(boolean tls, String host, int port) {
  public Peer {
    host = host.toLowerCase(Locale.ROOT);
  }

  /** The {@code Host} header: the port is left out where it is the scheme's own. */
  public String authority() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (tls ? 443 : 80) ? name : name + ":" + port;
  }

  @Override
  public String toString() {
    return (tls ? "https://" : "http://") + authority();
  }
}
