package org.reelway.camel.http;

import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many viewers' requests wait for the store at a time: fewer than there are threads that answer requests, so that a store
 * that hangs leaves some to hooks. The others wait here, in their order, and hold no thread; connections are limited.
 */
public final class ViewerTurns {
  private static final int MOST = 6;

  private final Deque<Runnable> waiting = new ArrayDeque<>();
  /** That have their turn, and whether a thread works for each. */
  private final Map<HttpServerRequest, Boolean> taken = new HashMap<>();

  /**
   * Calls it on the request's own thread once it is its turn, which ends when its answer begins. One whose viewer goes away
   * before ends at once only while no thread works for it.
   */
  void take(RoutingContext request, Runnable goOn) {
    Context context = request.vertx().getOrCreateContext();
    HttpServerRequest key = request.request();
    Runnable begin = () -> context.runOnContext(now -> {
      request.addHeadersEndHandler(answered -> end(key, true));
      request.addEndHandler(ended -> end(key, false));
      if (request.response().closed()) {
        end(key, false);
      } else {
        key.resume();
        goOn.run();
      }
    });
    key.pause();
    synchronized (this) {
      if (taken.size() >= MOST) {
        waiting.add(() -> {
          taken.put(key, false);
          begin.run();
        });
        return;
      }
      taken.put(key, false);
    }
    begin.run();
  }

  /** A thread works for it from now on. @return false where its viewer is gone, and its turn is another's */
  public synchronized boolean isAtWork(HttpServerRequest request) {
    return taken.computeIfPresent(request, (key, idle) -> true) != null;
  }

  /** No thread works for it any more. */
  public void isLeft(HttpServerRequest request) {
    end(request, true);
  }

  private synchronized void end(HttpServerRequest request, boolean alsoAtWork) {
    if (taken.containsKey(request) && (alsoAtWork || !taken.get(request))) {
      taken.remove(request);
      Optional.ofNullable(waiting.poll()).ifPresent(Runnable::run);
    }
  }
}
