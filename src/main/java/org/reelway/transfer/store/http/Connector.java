package org.reelway.transfer.store.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.reelway.transfer.http.HostNames;
import org.reelway.transfer.store.StoreProxy;
import org.reelway.transfer.store.http.TransportException.Kind;

/** Makes connections: name, address, proxy, TLS. */
final class Connector {
  private final HttpSettings settings;
  private final HostNames names;

  Connector(HttpSettings settings, HostNames names) {
    this.settings = settings;
    this.names = names;
  }

  HttpConnection open(Peer peer) throws IOException {
    StoreProxy proxy = settings.transport().proxy();
    return proxy == null || !proxy.isFor(peer.host()) ? direct(peer) : through(proxy, peer);
  }

  private HttpConnection direct(Peer peer) throws IOException {
    return first(peer.host(), peer.port(), link -> talking(peer, link, null));
  }

  private HttpConnection through(StoreProxy proxy, Peer peer) throws IOException {
    try {
      return first(proxy.host(), proxy.port(), link -> {
        if (!peer.tls()) {
          return talking(peer, link, proxy);
        }
        new ProxyTunnel(proxy, link, settings.connect()).openTo(peer);
        return talking(peer, link, null);
      });
    } catch (TransportException e) {
      boolean ofProxy = e.kind() == Kind.UNKNOWN_HOST || e.kind() == Kind.CONNECT;
      throw ofProxy
          ? new TransportException(Kind.PROXY, "the proxy " + proxy.shown() + ": " + e.getMessage(), e)
          : e;
    }
  }

  /** What is done with a socket that is connected. */
  @FunctionalInterface
  private interface Beginning {
    HttpConnection begin(SocketLink link) throws IOException;
  }

  /** Tries the host's addresses in turn. */
  private HttpConnection first(String host, int port, Beginning beginning) throws IOException {
    List<InetAddress> addresses = addresses(host);
    TransportException last = null;
    for (InetAddress address : addresses) {
      try {
        return begun(new InetSocketAddress(address, port), beginning);
      } catch (TransportException e) {
        if (e.kind() == Kind.INTERRUPTED || e.kind() == Kind.PROXY) {
          throw e;
        }
        last = e;
      } catch (IOException e) {
        last = new TransportException(Kind.CONNECT, "no connection: " + TransportException.reason(e), e);
      }
      names.failed(host, address);
    }
    throw last;
  }

  private List<InetAddress> addresses(String host) throws TransportException {
    try {
      return names.of(host, settings.connect());
    } catch (UnknownHostException e) {
      boolean interrupted = Thread.currentThread().isInterrupted();
      throw new TransportException(interrupted ? Kind.INTERRUPTED : Kind.UNKNOWN_HOST, e.getMessage(), e);
    }
  }

  private HttpConnection begun(InetSocketAddress address, Beginning beginning) throws IOException {
    SocketLink link = SocketLink.connect(address, settings.connect());
    try {
      return beginning.begin(link);
    } catch (IOException | RuntimeException e) {
      link.close();
      throw e;
    }
  }

  /** @param via the proxy that is told each request's whole address; null where there is none, or a tunnel */
  private HttpConnection talking(Peer peer, SocketLink link, StoreProxy via) throws IOException {
    Wire wire = peer.tls() ? handshake(peer, link) : new PlainWire(link);
    return new HttpConnection(peer, settings, link, wire, via);
  }

  private Wire handshake(Peer peer, SocketLink link) throws IOException {
    try {
      return TlsWire.handshake(
          link, settings.transport().trust().context(), peer, settings.connect().toMillis());
    } catch (SSLException e) {
      throw new TransportException(
          Kind.TLS, "no TLS connection to " + peer + ": " + TransportException.reason(e), e);
    }
  }
}
