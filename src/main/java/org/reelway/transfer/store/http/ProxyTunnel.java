package org.reelway.transfer.store.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.reelway.transfer.store.StoreProxy;
import org.reelway.transfer.store.http.TransportException.Kind;

/** Asks a proxy for a tunnel (RFC 9110, section 9.3.6, {@code CONNECT}). What fails here is said to be the proxy's. */
final class ProxyTunnel {
  private final StoreProxy proxy;
  private final SocketLink link;
  private final Duration longest;

  ProxyTunnel(StoreProxy proxy, SocketLink link, Duration longest) {
    this.proxy = proxy;
    this.link = link;
    this.longest = longest;
  }

  void openTo(Peer peer) throws IOException {
    try {
      HttpAnswer answer = ask(peer);
      if (answer.status() >= 300) {
        throw refusal(proxy, answer.status(), "CONNECT to " + target(peer));
      }
    } catch (TransportException e) {
      throw e.kind() == Kind.INTERRUPTED || e.kind() == Kind.PROXY ? e : failed(e);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private TransportException failed(IOException e) {
    return new TransportException(
        Kind.PROXY, "the proxy " + proxy.shown() + ": " + TransportException.reason(e), e);
  }

  /** The proxy's own refusal, in words. */
  static TransportException refusal(StoreProxy proxy, int status, String what) {
    String why =
        switch (status) {
          case 407 ->
              proxy.username() == null
                  ? "wants a user name and password (407)"
                  : "does not take this user name and password (407)";
          case 403 -> "does not allow " + what + " (403)";
          case 502, 504 -> "does not reach the store: it answered " + status + " to " + what;
          default -> "answered " + status + " to " + what;
        };
    return new TransportException(Kind.PROXY, "the proxy " + proxy.shown() + " " + why);
  }

  private HttpAnswer ask(Peer peer) throws IOException {
    write(ByteBuffer.wrap(request(peer).getBytes(StandardCharsets.ISO_8859_1)));
    InputBuffer input = new InputBuffer(new PlainWire(link), link);
    input.limit(AnswerLimit.whole(longest, longest));
    HttpAnswer answer = input.head();
    while (answer == null || answer.status() < 200) {
      if (answer == null && input.fill() < 0) {
        throw new TransportException(Kind.RESET, "it closed the connection without an answer");
      }
      answer = input.head();
    }
    return answer;
  }

  private String request(Peer peer) {
    String authorization = proxy.authorization();
    return "CONNECT " + target(peer) + " HTTP/1.1\r\nHost: " + target(peer) + "\r\nUser-Agent: Reelway\r\n"
        + (authorization == null ? "" : "Proxy-Authorization: " + authorization + "\r\n") + "\r\n";
  }

  /** Always with the port. */
  private static String target(Peer peer) {
    return (peer.host().indexOf(':') >= 0 ? "[" + peer.host() + "]" : peer.host()) + ":" + peer.port();
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      link.channel().write(bytes);
      if (bytes.hasRemaining() && link.await(SelectionKey.OP_WRITE, longest.toMillis()) == 0) {
        throw new IOException("it took no byte for " + longest.toMillis() + " ms");
      }
    }
  }
}
