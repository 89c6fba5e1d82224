package org.reelway.camel;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.apache.camel.Exchange;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;

/**
 * Hands things to the one route that begins with a kamelet. Whoever has them gives one again until that has returned: so a
 * route that fails, or that a crash ends, gets it again.
 */
final class RouteSource<T> implements SourceEndpoint.Source<T> {
  private final String kamelet;
  private final BiConsumer<T, Exchange> fill;
  private final AtomicReference<SourceEndpoint.Route<T>> route = new AtomicReference<>();

  /** @param kamelet its name and parameters, for people @param fill makes the message */
  RouteSource(String kamelet, BiConsumer<T, Exchange> fill) {
    this.kamelet = kamelet;
    this.fill = fill;
  }

  /**
   * Returns once the route has gone through.
   *
   * @throws OurFailure there is no such route
   * @throws DestinationFailure it failed
   */
  void give(T thing) {
    SourceEndpoint.Route<T> to = route.get();
    if (to == null) {
      throw new OurFailure("no route begins with kamelet:" + kamelet + "; add one, or put the shipped one back");
    }
    try {
      to.take(thing);
    } catch (Exception e) {
      throw new DestinationFailure("the route of kamelet:" + kamelet + " failed: " + e, e);
    }
  }

  @Override
  public void fill(T thing, Exchange exchange) {
    fill.accept(thing, exchange);
  }

  @Override
  public void begin(SourceEndpoint.Route<T> begun) {
    if (!route.compareAndSet(null, begun)) {
      throw new InputFailure("a second route begins with kamelet:" + kamelet + "; put its steps into the first");
    }
  }

  @Override
  public void end(SourceEndpoint.Route<T> ended) {
    route.compareAndSet(ended, null);
  }
}
