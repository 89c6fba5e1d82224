package org.reelway.camel;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;

/**
 * Hands things to the route that begins with a kamelet, one message each. Whoever has them gives one again until that has
 * returned: so a route that fails, or that a crash ends, gets it again.
 */
final class RouteSource<T> {
  private final String kamelet;
  private final BiConsumer<T, Exchange> fill;
  private final AtomicReference<Route> route = new AtomicReference<>();

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
    Route to = route.get();
    if (to == null) {
      throw new OurFailure("no route begins with kamelet:" + kamelet + "; add one, or put the shipped one back");
    }
    to.take(thing);
  }

  org.apache.camel.Endpoint endpoint(String uri, Component component) {
    return new Endpoint(uri, component);
  }

  private final class Endpoint extends DefaultEndpoint {
    Endpoint(String uri, Component component) {
      super(uri, component);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
      Route consumer = new Route(this, processor);
      configureConsumer(consumer);
      return consumer;
    }

    @Override
    public Producer createProducer() {
      throw new InputFailure(getEndpointUri() + " only starts routes");
    }
  }

  private final class Route extends DefaultConsumer {
    Route(Endpoint endpoint, Processor processor) {
      super(endpoint, processor);
    }

    @Override
    protected void doStart() throws Exception {
      super.doStart();
      if (!route.compareAndSet(null, this)) {
        throw new InputFailure("a second route begins with kamelet:" + kamelet + "; put its steps into the first");
      }
    }

    @Override
    protected void doStop() throws Exception {
      route.compareAndSet(this, null);
      super.doStop();
    }

    private void take(T thing) {
      Exchange exchange = createExchange(false);
      try {
        fill.accept(thing, exchange);
        getProcessor().process(exchange);
        if (exchange.getException() != null) {
          throw exchange.getException();
        }
      } catch (Exception e) {
        throw new DestinationFailure("the route of kamelet:" + kamelet + " failed: " + e, e);
      } finally {
        releaseExchange(exchange, false);
      }
    }
  }
}
