package org.reelway.camel.watch;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.support.UnitOfWorkHelper;

/**
 * The bytes of an object on their way to whoever asked. Camel pumps a body as far as the client's connection takes it, and
 * where that is closed meanwhile waits for ever: here the exchange ends with the connection, and with it the reading of the
 * store. One reader.
 */
final class PassedObject extends FilterInputStream {
  private final Exchange exchange;
  private final Channel client;
  private final ChannelFutureListener gone = this::clientIsGone;
  private final Runnable head;
  private final Set<PassedObject> all;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean isRead;

  /**
   * @param head called before the first byte: nothing of the answer is sent yet
   * @param all of those that are on their way; this one joins them until it is closed
   */
  PassedObject(Exchange exchange, HttpServerRequest request, InputStream object, Runnable head, Set<PassedObject> all) {
    super(object);
    this.head = head;
    this.all = all;
    this.exchange = exchange;
    client = ((ConnectionBase) request.connection()).channel();
    all.add(this);
    exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
      @Override
      public void onDone(Exchange done) {
        close();
      }
    });
  }

  /** Whoever gets it sees that it is not whole; also one that takes nothing, whose connection closes later. */
  void breakOff() {
    client.close();
    if (isRead) {
      endExchange();
    }
  }

  private void clientIsGone(ChannelFuture connection) {
    endExchange();
  }

  private void endExchange() {
    UnitOfWorkHelper.doneUow(exchange.getUnitOfWork(), exchange);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (!isRead) {
      isRead = true;
      // Not before: until the pump begins, steps of the route follow, and end the exchange themselves where they fail.
      client.closeFuture().addListener(gone);
      head.run();
    }
    if (closed.get()) {
      return -1;
    }
    try {
      return super.read(to, offset, length);
    } catch (IOException e) {
      if (closed.get()) {
        return -1;
      }
      // Some of it was sent: only a connection that breaks tells the client that the rest is missing.
      client.close();
      throw e;
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      all.remove(this);
      client.closeFuture().removeListener(gone);
      try {
        super.close();
      } catch (IOException e) {
        // Nothing more is wanted of it.
      }
    }
  }
}
