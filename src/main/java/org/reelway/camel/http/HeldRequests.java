package org.reelway.camel.http;

import io.vertx.core.Context;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Requests that wait, in their order, while routes are swapped. Connections are limited, and so are they. */
public final class HeldRequests {
  private List<Runnable> held;
  /** That were let through and are not answered. */
  private int open;

  /**
   * From now on requests wait.
   *
   * @return whether those let through before were answered within the time, but for viewers and what is never answered in full
   */
  public synchronized boolean hold(Duration patience) throws InterruptedException {
    held = held == null ? new ArrayList<>() : held;
    long end = System.nanoTime() + patience.toNanos();
    for (long left = patience.toMillis(); open > 0 && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
      wait(left);
    }
    return open == 0;
  }

  /** Those that wait go on, and later ones do not wait. */
  public void release() {
    List<Runnable> waiting;
    synchronized (this) {
      waiting = held == null ? List.of() : held;
      held = null;
    }
    waiting.forEach(Runnable::run);
  }

  private synchronized void isAnswered() {
    open--;
    notifyAll();
  }

  /**
   * To be asked before anything of the request is read.
   *
   * @return whether it waits; it then comes again from the outermost router on, for it has the routes of when it came
   */
  synchronized boolean keeps(RoutingContext request) {
    if (held == null) {
      String path = request.normalizedPath();
      if (!path.startsWith(HttpPaths.WATCH) && !path.equals(HttpPaths.DASHBOARD_EVENTS)) {
        open++;
        request.addEndHandler(answered -> isAnswered());
      }
      return false;
    }
    Context context = request.vertx().getOrCreateContext();
    Router router = outermost(request);
    request.request().pause();
    held.add(() -> context.runOnContext(now -> {
      if (!request.response().closed()) {
        request.request().resume();
        router.handle(request.request());
      }
    }));
    return true;
  }

  private static Router outermost(RoutingContext request) {
    RoutingContextInternal context = (RoutingContextInternal) request;
    while (context.parent() != null) {
      context = context.parent();
    }
    return context.currentRouter();
  }
}
