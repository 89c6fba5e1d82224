package org.reelway.camel.reload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.camel.Route;
import org.apache.camel.model.Model;
import org.reelway.camel.http.HeldRequests;
import org.reelway.stream.server.EventInbox;

/**
 * Brings what goes through routes to rest, so that these can be swapped: events, recordings, requests, and any other message.
 * Ends as it began, whatever happens between.
 */
public final class SwapRest {
  private static final Duration LONGEST_REQUEST = Duration.ofSeconds(5);

  private final Supplier<SwappableContext> camel;
  private final RecordingsRest recordings;
  private final EventInbox events;
  private final HeldRequests requests;
  private final Duration patience;
  private final BooleanSupplier stopping;
  private final List<Route> closed = new ArrayList<>();

  /**
   * @param patience with what is under way
   * @param stopping whether the program stops: nothing is swapped any more
   */
  public SwapRest(
      Supplier<SwappableContext> camel, RecordingsRest recordings, EventInbox events, HeldRequests requests,
      Duration patience, BooleanSupplier stopping) {
    this.camel = camel;
    this.recordings = recordings;
    this.events = events;
    this.requests = requests;
    this.patience = patience;
    this.stopping = stopping;
  }

  /** Something is under way that may not be cut short. */
  static final class NotYet extends Exception {
    NotYet(String message) {
      super(message);
    }
  }

  /** @throws NotYet what did not come to rest; {@link #end} is to be called all the same */
  void begin(RouteSwap swap, List<Route> leaving) throws NotYet, InterruptedException {
    SwappableContext context = camel.get();
    RouteOrder order = new RouteOrder(context.getCamelContextExtension().getContextPlugin(Model.class));
    if (order.carryRecordings(leaving, context.getRoutes()) && !recordings.begin(patience)) {
      throw new NotYet("a recording did not come to rest within " + patience.toSeconds() + " s");
    }
    if (!events.rest(patience)) {
      throw new NotYet("a route of stream events is at work for more than " + patience.toSeconds() + " s");
    }
    List<Route> ordered = order.callersFirst(leaving);
    for (Route route : ordered.stream().filter(each -> !isRequest(each) && !RouteOrder.isCalled(each)).toList()) {
      empty(swap, route, patience);
    }
    // Those that take longer are cut short only where their own route goes.
    requests.hold(LONGEST_REQUEST);
    for (Route route : ordered.stream().filter(each -> isRequest(each) || RouteOrder.isCalled(each)).toList()) {
      empty(swap, route, isRequest(route) ? LONGEST_REQUEST : patience);
    }
  }

  private void empty(RouteSwap swap, Route route, Duration time) throws NotYet, InterruptedException {
    if (stopping.getAsBoolean()) {
      throw new NotYet("Reelway is stopping");
    }
    closed.add(route);
    RouteSwap.close(route);
    // Whoever asked over HTTP asks again.
    if (!swap.isEmpty(route, time) && !isRequest(route)) {
      throw new NotYet("the route " + route.getRouteId() + " has been at work for more than " + time.toSeconds() + " s");
    }
  }

  private static boolean isRequest(Route route) {
    String uri = route.getEndpoint().getEndpointBaseUri();
    return uri.startsWith("platform-http:") || uri.startsWith("rest:") || uri.startsWith("rest-api:");
  }

  /** All goes on; routes that are still there, as they were. */
  void end() {
    Collections.reverse(closed);
    closed.stream().filter(route -> camel.get().getRoute(route.getRouteId()) == route).forEach(RouteSwap::open);
    closed.clear();
    requests.release();
    events.goOn();
    recordings.end();
  }
}
