package org.reelway.camel.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.reelway.camel.http.HttpRefusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /dashboard/events}: what is happening now, as server-sent events, each of them whole. No route: Camel ends an
 * answer with its exchange, and a body that goes on holds one of the threads that requests have. Here viewers hold none; what
 * they get is made once for all of them, and not at all while there are none.
 */
public final class DashboardEvents implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(DashboardEvents.class);
  private static final int MOST = 16;
  private static final long EVERY_MILLIS = 2000;
  /** A line that says nothing keeps proxies from closing a connection that is quiet. */
  private static final int ALIVE_TURNS = 7;

  private final Vertx vertx;
  private final Supplier<Object> now;
  private final ObjectMapper json;
  private final Set<HttpServerResponse> viewers = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean isAsking = new AtomicBoolean();
  private volatile String told = "";
  private int quietTurns;
  private Long timer;
  private boolean ended;

  public DashboardEvents(Vertx vertx, Supplier<Object> now, ObjectMapper json) {
    this.vertx = vertx;
    this.now = now;
    this.json = json;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerResponse viewer = context.response();
    if (!begin(viewer)) {
      HttpRefusal.away(context, "as many dashboards are open as may be, " + MOST + "; close one, or ask GET /dashboard/now");
      return;
    }
    viewer.closeHandler(closed -> leave(viewer));
    viewer.exceptionHandler(broken -> leave(viewer));
    viewer.setChunked(true).putHeader("Content-Type", "text/event-stream").putHeader("X-Accel-Buffering", "no");
    // After that many milliseconds a browser asks again, should the connection end.
    viewer.write("retry: 3000\n\n" + told);
    ask();
  }

  private synchronized boolean begin(HttpServerResponse viewer) {
    if (ended || viewers.size() >= MOST) {
      return false;
    }
    viewers.add(viewer);
    if (timer == null) {
      timer = vertx.setPeriodic(EVERY_MILLIS, turn -> ask());
    }
    return true;
  }

  private synchronized void leave(HttpServerResponse viewer) {
    viewers.remove(viewer);
    if (viewers.isEmpty() && timer != null) {
      vertx.cancelTimer(timer);
      timer = null;
      told = "";
    }
  }

  private void ask() {
    if (isAsking.compareAndSet(false, true)) {
      vertx.executeBlocking(this::event, false).onComplete(asked -> {
        isAsking.set(false);
        if (asked.succeeded()) {
          tell(asked.result());
        } else {
          LOG.debug("the dashboard is told nothing: {}", asked.cause().toString());
        }
      });
    }
  }

  private String event() throws JsonProcessingException {
    // JSON of ours has no line ends.
    return "data: " + json.writer().without(SerializationFeature.INDENT_OUTPUT)
        .writeValueAsString(now.get()) + "\n\n";
  }

  private synchronized void tell(String event) {
    boolean isNew = !event.equals(told);
    quietTurns = isNew ? 0 : quietTurns + 1;
    if (isNew || quietTurns % ALIVE_TURNS == 0) {
      // Who is slow misses some: the next one is whole again.
      viewers.stream().filter(viewer -> !viewer.writeQueueFull()).forEach(viewer -> viewer.write(isNew ? event : ":\n\n"));
    }
    told = viewers.isEmpty() ? "" : event;
  }

  /** Ends all, and takes no more: Reelway is about to stop. */
  public synchronized void end() {
    ended = true;
    Set.copyOf(viewers).forEach(viewer -> {
      leave(viewer);
      viewer.end();
    });
  }
}
