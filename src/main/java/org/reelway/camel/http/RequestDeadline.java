package org.reelway.camel.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.reelway.failure.FailureClass;

/**
 * Closes a connection on which no request begins in time, or none becomes whole in time, however its bytes trickle in.
 * An answer may take as long as it takes. Stands between Netty's HTTP codec and Vert.x.
 */
final class RequestDeadline extends ChannelDuplexHandler {
  private final HttpLimits limits;
  private final ConnectionLimit all;
  private Future<?> deadline;
  /** Whether something of a request is there, and not all of it. */
  private boolean begun;
  /** Whether the bytes that are being read end a request. */
  private boolean ended;
  /** Whole requests without a whole answer; -1 where a request was refused before it was whole. */
  private int unanswered;

  RequestDeadline(HttpLimits limits, ConnectionLimit all) {
    this.limits = limits;
    this.all = all;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    set(context, limits.idle());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof LastHttpContent) {
      ended = true;
      begun = false;
      unanswered++;
      if (unanswered == 0) {
        set(context, limits.idle());
      } else {
        deadline.cancel(false);
        all.isAnswered(context.channel());
      }
    }
    context.fireChannelRead(message);
  }

  /** Comes after each read, also where the codec could not make a message of the bytes yet. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (!begun && !ended && unanswered <= 0) {
      begun = true;
      set(context, limits.request());
    }
    ended = false;
    context.fireChannelReadComplete();
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    ChannelPromise written = promise;
    if (message instanceof LastHttpContent && !isInterim(message)) {
      written = promise.unvoid();
      written.addListener(done -> answered(context, done.isSuccess()));
    }
    context.write(message, written);
  }

  /** 100 is no answer yet; after 101 the connection is no longer one of HTTP. */
  private static boolean isInterim(Object message) {
    return message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  private void answered(ChannelHandlerContext context, boolean well) {
    unanswered--;
    if (!well) {
      context.close();
    } else if (unanswered == 0) {
      set(context, limits.idle());
      all.waitsAgain(context.channel());
    }
  }

  private void set(ChannelHandlerContext context, Duration time) {
    if (deadline != null) {
      deadline.cancel(false);
    }
    deadline = context.executor().schedule(() -> expire(context), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void expire(ChannelHandlerContext context) {
    if (!begun || unanswered < 0) {
      context.close();
      return;
    }
    String why = "the request was not whole " + limits.request().toSeconds() + " s after its first byte";
    ByteBuf body = Unpooled.copiedBuffer(HttpRefusal.failure(why, FailureClass.INPUT) + "\n", StandardCharsets.UTF_8);
    HttpResponse late =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.REQUEST_TIMEOUT, body);
    late.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
        .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
        .set(HttpHeaderNames.CONNECTION, "close");
    context.writeAndFlush(late).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    deadline.cancel(false);
  }
}
