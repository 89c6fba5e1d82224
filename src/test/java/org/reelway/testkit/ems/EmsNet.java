package org.reelway.testkit.ems;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stand-ins that reach each other by RTMP addresses, such as {@code a:1935}; no packet is ever sent. What several of them
 * change together they change under this one's lock. What a command was taken for is done a moment later, as EMS does.
 */
public final class EmsNet implements AutoCloseable {
  private final Map<String, EmsState> servers = new ConcurrentHashMap<>();
  private final ExecutorService work =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "ems-net");
            thread.setDaemon(true);
            return thread;
          });

  void join(EmsState server) {
    servers.put(server.address(), server);
  }

  void later(Runnable task) {
    work.execute(
        () -> {
          synchronized (this) {
            task.run();
          }
        });
  }

  /** @param authority {@code host} or {@code host:port}; a loopback host is whoever asks */
  Optional<EmsState> at(String authority, EmsState asking) {
    String host = authority.split(":")[0];
    if (host.equals("127.0.0.1") || host.equals("localhost")) {
      return Optional.of(asking);
    }
    return Optional.ofNullable(servers.get(authority.contains(":") ? authority : authority + ":1935"))
        .filter(EmsState::isUp);
  }

  @Override
  public void close() {
    work.shutdownNow();
  }
}
