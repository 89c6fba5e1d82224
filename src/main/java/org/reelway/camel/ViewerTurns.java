package org.reelway.camel;

import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many viewers' requests wait for the store at a time: fewer than there are threads that answer requests, so that a store
 * that hangs leaves some to hooks. The others wait here, in their order, and hold no thread; connections are limited.
 */
final class ViewerTurns {
  /** Of eight threads. */
  private static final int MOST = 6;

  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int taken;

  /** Calls it on the request's own thread once it is its turn, which ends when its answer begins. */
  void take(RoutingContext request, Runnable goOn) {
    Context context = request.vertx().getOrCreateContext();
    AtomicBoolean over = new AtomicBoolean();
    Runnable begin = () -> context.runOnContext(now -> {
      request.addHeadersEndHandler(answered -> end(over));
      request.addEndHandler(ended -> end(over));
      if (request.response().closed()) {
        end(over);
      } else {
        request.request().resume();
        goOn.run();
      }
    });
    request.request().pause();
    synchronized (this) {
      if (taken >= MOST) {
        waiting.add(begin);
        return;
      }
      taken++;
    }
    begin.run();
  }

  private void end(AtomicBoolean over) {
    if (over.compareAndSet(false, true)) {
      Runnable next;
      synchronized (this) {
        next = waiting.poll();
        taken -= next == null ? 1 : 0;
      }
      if (next != null) {
        next.run();
      }
    }
  }
}
