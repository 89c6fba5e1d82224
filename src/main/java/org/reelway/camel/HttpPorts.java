package org.reelway.camel;

import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.failure.InputFailure;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;

/**
 * The ports of the HTTP servers, held from the start on until the server listens: another program that asks for any port
 * could be given ours in between. Camel's servers only log that they could not listen, and the start goes on without them.
 */
final class HttpPorts implements AutoCloseable {
  private final Map<Integer, ServerSocket> held = new ConcurrentHashMap<>();
  private final Map<SocketAddress, Throwable> refused = new ConcurrentHashMap<>();

  /**
   * @return the port, also where the settings leave it to the system
   * @throws InputFailure where nothing can listen
   */
  int hold(Settings settings, Setting<String> host, Setting<Integer> port) {
    try {
      ServerSocket socket = new ServerSocket(settings.get(port), 1, InetAddress.getByName(settings.get(host)));
      held.put(socket.getLocalPort(), socket);
      return socket.getLocalPort();
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
    ServerSocket socket = held.remove(port);
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new IllegalStateException("port " + port + " cannot be given free: " + e, e);
      }
    }
  }

  void refused(SocketAddress address, Throwable problem) {
    refused.put(address, problem);
  }

  /** @throws InputFailure where one of the servers does not listen */
  void requireListening() {
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
