package org.reelway.camel.http;

import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.failure.InputFailure;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;

/**
 * The ports of the HTTP servers, held from the start on until the server listens: another program that asks for any port
 * could be given ours in between. They are bound, and nothing listens there: who asks too early is refused at once, and asks
 * again. Camel's servers only log that they could not listen, and the start goes on without them.
 */
public final class HttpPorts implements AutoCloseable {
  /** The place of one that is not bound yet, so that it is closed with the others where it cannot be. */
  private static final int NONE_YET = -1;

  private final Map<Integer, SocketChannel> held = new ConcurrentHashMap<>();
  private final Map<SocketAddress, Throwable> refused = new ConcurrentHashMap<>();

  /**
   * @return the port, also where the settings leave it to the system
   * @throws InputFailure where nothing can listen
   */
  public int hold(Settings settings, Setting<String> host, Setting<Integer> port) {
    try {
      SocketChannel bound = SocketChannel.open();
      held.put(NONE_YET, bound);
      // As servers do: connections of the run before may not have gone yet.
      bound.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      bound.bind(new InetSocketAddress(InetAddress.getByName(settings.get(host)), settings.get(port)));
      int number = ((InetSocketAddress) bound.getLocalAddress()).getPort();
      held.put(number, held.remove(NONE_YET));
      return number;
    } catch (IOException e) {
      close();
      throw new InputFailure(
          port.key() + " is " + settings.get(port) + " and " + host.key() + " is \"" + settings.get(host)
              + "\": nothing can listen there (" + e.getMessage() + "); end the program that does, or set another port",
          e);
    }
  }

  /** To be called by whoever listens on it next. */
  void release(int port) {
    SocketChannel bound = held.remove(port);
    if (bound != null) {
      try {
        bound.close();
      } catch (IOException e) {
        throw new IllegalStateException("port " + port + " cannot be given free: " + e, e);
      }
    }
  }

  void refused(SocketAddress address, Throwable problem) {
    refused.put(address, problem);
  }

  /** @throws InputFailure where one of the servers does not listen */
  public void requireListening() {
    refused.forEach((address, problem) -> {
      throw new InputFailure(
          "nothing can listen at " + address + " (" + problem.getMessage() + "); end the program that does, or set another port",
          problem);
    });
  }

  /** Gives free what no server took. */
  @Override
  public void close() {
    held.keySet().forEach(this::release);
  }
}
