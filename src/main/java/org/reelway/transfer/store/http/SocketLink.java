package org.reelway.transfer.store.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.reelway.transfer.store.http.TransportException.Kind;

/**
 * A connected non-blocking socket and the one place that waits for it. {@link #close()} may come from another thread
 * and ends a wait.
 */
final class SocketLink implements Closeable {
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;

  private SocketLink(SocketChannel channel, Selector selector, SelectionKey key) {
    this.channel = channel;
    this.selector = selector;
    this.key = key;
  }

  /** @throws IOException where the connection cannot be made within the time */
  static SocketLink connect(InetSocketAddress address, Duration timeout) throws IOException {
    SocketChannel channel = SocketChannel.open();
    Selector selector = null;
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      selector = Selector.open();
      SocketLink link = new SocketLink(channel, selector, channel.register(selector, 0));
      if (!channel.connect(address)) {
        while (!channel.finishConnect()) {
          if (link.await(SelectionKey.OP_CONNECT, timeout.toMillis()) == 0) {
            throw new IOException("no answer within " + timeout.toMillis() + " ms");
          }
        }
      }
      return link;
    } catch (IOException | RuntimeException e) {
      channel.close();
      if (selector != null) {
        selector.close();
      }
      throw e;
    }
  }

  SocketChannel channel() {
    return channel;
  }

  /**
   * Waits until the socket is ready for one of the operations.
   *
   * @return the ready ones; 0 after the time
   * @throws TransportException of kind INTERRUPTED where the thread is interrupted (the flag stays set) or the link
   *     was closed
   */
  int await(int operations, long millis) throws IOException {
    try {
      key.interestOps(operations);
      selector.selectedKeys().clear();
      long deadline = System.nanoTime() + millis * 1_000_000;
      long left = Math.max(1, millis);
      while (true) {
        checkInterrupt();
        if (selector.select(left) > 0) {
          return key.readyOps();
        }
        checkInterrupt();
        left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return 0;
        }
      }
    } catch (ClosedSelectorException | CancelledKeyException e) {
      throw new TransportException(Kind.INTERRUPTED, "the connection was closed on this side", e);
    }
  }

  void checkInterrupt() throws TransportException {
    if (Thread.currentThread().isInterrupted()) {
      throw new TransportException(Kind.INTERRUPTED, "the thread was interrupted");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    selector.close();
  }
}
