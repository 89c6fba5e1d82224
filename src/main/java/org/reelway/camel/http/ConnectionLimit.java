package org.reelway.camel.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps files free for transfers. Where a port has as many connections as it may, a new one closes the one that has
 * waited longest for a request or for the rest of one, and no more are accepted until that is closed. Those that are
 * being answered stay; while all are, one more is accepted at a time, has a moment to send its request, and is closed for
 * the next one where it did not. Others wait in the system's queue. Stands before Netty's acceptor.
 */
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);
  private static final long TURN_MILLIS = 1000;

  private final int most;
  private final Seldom closings = new Seldom();
  /** Those that are not being answered, the longest waiting first. */
  private final Set<Channel> waiting = new LinkedHashSet<>();

  private final Set<Channel> closing = new HashSet<>();
  private int open;
  private int accepted;
  /** Whether the newest had its moment. */
  private boolean isTurnOver;
  private Channel port;

  ConnectionLimit(int most) {
    this.most = most;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    port = context.channel();
  }

  /** Called for one at a time. */
  @Override
  public synchronized void channelRead(ChannelHandlerContext context, Object newest) {
    Channel connection = (Channel) newest;
    open++;
    accepted++;
    isTurnOver = false;
    Iterator<Channel> longest = waiting.iterator();
    if (isOver() && longest.hasNext()) {
      Channel other = longest.next();
      longest.remove();
      close(other);
    }
    waiting.add(connection);
    goOn();
    if (open > most) {
      int number = accepted;
      port.eventLoop().schedule(() -> endTurn(number), TURN_MILLIS, TimeUnit.MILLISECONDS);
    }
    connection.closeFuture().addListener(closed -> forget(connection));
    context.fireChannelRead(newest);
  }

  private synchronized void endTurn(int number) {
    isTurnOver = number == accepted;
    goOn();
  }

  /** Its request is whole: it is not closed to make room. */
  synchronized void isAnswered(Channel connection) {
    waiting.remove(connection);
    goOn();
  }

  synchronized void waitsAgain(Channel connection) {
    if (isOver()) {
      close(connection);
    } else {
      waiting.add(connection);
    }
  }

  private synchronized void forget(Channel connection) {
    open--;
    waiting.remove(connection);
    closing.remove(connection);
    goOn();
  }

  private boolean isOver() {
    return open - closing.size() > most;
  }

  private void goOn() {
    if (port.isOpen()) {
      port.config().setAutoRead(open <= most || isTurnOver && open == most + 1 && !waiting.isEmpty());
    }
  }

  private void close(Channel connection) {
    closing.add(connection);
    connection.close();
    int times = closings.due("closing");
    if (times > 0) {
      LOG.warn(
          "{} has {} connections, as many as it may: a new one closes the longest idle one ({} since this was said)",
          NetUtil.toSocketAddressString((InetSocketAddress) port.localAddress()), most, times);
    }
  }
}
