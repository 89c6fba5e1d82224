package org.reelway.stream.workflow.rtmp;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.OurFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for publishers. Each has a thread of its own; who is not let in is gone within seconds. */
public final class RtmpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RtmpServer.class);
  private static final long SAY_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long BEFORE_SECONDS = 10;

  private final RtmpDoor door;
  private final int most;
  private final ServerSocket socket;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final AtomicLong refused = new AtomicLong();
  private volatile long saidAt = System.nanoTime() - SAY_NANOS;
  /** A time limit of reads does not end who drips, nor a write that nobody takes. */
  private final ScheduledThreadPoolExecutor closer = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("rtmp-closer"));

  private RtmpServer(RtmpDoor door, int most, ServerSocket socket) {
    this.door = door;
    this.most = most;
    this.socket = socket;
    closer.setRemoveOnCancelPolicy(true);
  }

  /**
   * @param setting that names the address, for messages
   * @param most connections at the same time
   * @throws DestinationFailure the address cannot be listened at
   */
  public static RtmpServer listen(InetSocketAddress address, String setting, int most, RtmpDoor door) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      try {
        socket.bind(address);
      } catch (IOException e) {
        socket.close();
        throw e;
      }
      RtmpServer server = new RtmpServer(door, most, socket);
      DaemonThreads.of("rtmp-listener", server::accept).start();
      return server;
    } catch (BindException e) {
      throw new DestinationFailure(
          setting + ": no publisher can be taken at " + address.getHostString() + ":" + address.getPort() + " ("
              + e.getMessage() + "); another program listens there, or the address is none of this machine's: set " + setting
              + " to a free port, and have publishers use the new address", e);
    } catch (IOException e) {
      throw new OurFailure(setting + ": nobody can listen at " + address + ": " + e.getMessage(), e);
    }
  }

  public int port() {
    return socket.getLocalPort();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        if (connections.size() >= most) {
          connection.close();
          continue;
        }
        connections.add(connection);
        DaemonThreads.of("rtmp-publisher", () -> serve(connection)).start();
      } catch (IOException e) {
        pauseUnlessClosed(e);
      }
    }
  }

  private void pauseUnlessClosed(IOException trouble) {
    if (!socket.isClosed()) {
      LOG.warn("a publisher could not be taken: {}", trouble.toString());
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void serve(Socket connection) {
    Future<?> closing = null;
    try (connection) {
      RtmpPublication publication = new RtmpPublication(connection, door, this::refused);
      closing = closer.schedule(() -> closeUnless(publication.isLetIn(), connection), BEFORE_SECONDS, TimeUnit.SECONDS);
      publication.run();
    } catch (IOException | RuntimeException e) {
      LOG.debug("a publisher has gone: {}", e.toString());
    } finally {
      connections.remove(connection);
      if (closing != null) {
        closing.cancel(false);
      }
    }
  }

  private static void closeUnless(boolean isLetIn, Socket connection) {
    if (!isLetIn) {
      close(connection);
    }
  }

  private static void close(Closeable open) {
    try {
      open.close();
    } catch (IOException e) {
      LOG.debug("{}", e.toString());
    }
  }

  /** Anybody may knock, so the log tells of it once a minute at most. */
  private void refused(Socket publisher) {
    long count = refused.incrementAndGet();
    if (System.nanoTime() - saidAt > SAY_NANOS) {
      saidAt = System.nanoTime();
      refused.set(0);
      LOG.warn(
          "a publisher at {} has no key of a started stream, or one that is published already, and is refused ({} since the last line)",
          publisher.getInetAddress().getHostAddress(), count);
    }
  }

  /** Ends all publications. */
  @Override
  public void close() {
    close(socket);
    connections.forEach(RtmpServer::close);
    closer.shutdownNow();
  }
}
