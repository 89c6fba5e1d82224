package org.reelway.stream.workflow.rtmp;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.OurFailure;
import org.reelway.stream.recorder.MediaRoom;
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
  private final MediaRoom room;
  /** In the order in which they came. */
  private final Map<Socket, RtmpPublication> connections = Collections.synchronizedMap(new LinkedHashMap<>());
  private final AtomicLong refused = new AtomicLong();
  private volatile long saidAt = System.nanoTime() - SAY_NANOS;
  /** A time limit of reads does not end who drips, nor a write that nobody takes. */
  private final ScheduledThreadPoolExecutor closer = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("rtmp-closer"));

  private RtmpServer(RtmpDoor door, int most, MediaRoom room, ServerSocket socket) {
    this.door = door;
    this.most = most;
    this.room = room;
    this.socket = socket;
    closer.setRemoveOnCancelPolicy(true);
  }

  /**
   * @param setting that names the address, for messages
   * @param most connections at the same time: where there are as many, who waits longest to be let in makes room for the next
   * @param room for messages that are on their way, of all of them
   * @throws DestinationFailure the address cannot be listened at
   */
  public static RtmpServer listen(
      InetSocketAddress address, String setting, int most, MediaRoom room, RtmpDoor door) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      try {
        socket.bind(address);
      } catch (IOException e) {
        socket.close();
        throw e;
      }
      RtmpServer server = new RtmpServer(door, most, room, socket);
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
        if (connections.size() >= most && !sendOneAway()) {
          connection.close();
          continue;
        }
        RtmpPublication publication = new RtmpPublication(connection, door, room, this::refused);
        connections.put(connection, publication);
        DaemonThreads.of("rtmp-publisher", () -> serve(connection, publication)).start();
      } catch (IOException e) {
        pauseUnlessClosed(e);
      }
    }
  }

  /** Whoever holds places open keeps nobody out who has a key. @return whether there is a place now */
  private boolean sendOneAway() {
    Optional<Socket> waitsLongest;
    synchronized (connections) {
      waitsLongest = connections.entrySet().stream().filter(each -> !each.getValue().isLetIn()).map(Map.Entry::getKey).findFirst();
      waitsLongest.ifPresent(connections::remove);
    }
    waitsLongest.ifPresent(RtmpServer::close);
    return waitsLongest.isPresent();
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

  private void serve(Socket connection, RtmpPublication publication) {
    Future<?> closing = null;
    try (connection) {
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
    synchronized (connections) {
      connections.keySet().forEach(RtmpServer::close);
    }
    closer.shutdownNow();
  }
}
