package org.reelway.camel;

import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.reelway.failure.InputFailure;

/** A block that only starts routes, and hands them one message for each thing. */
final class SourceEndpoint<T> extends DefaultEndpoint implements MultipleConsumersSupport {
  private final Source<T> source;

  /** Who has the things. */
  interface Source<T> {
    /** Makes the message. */
    void fill(T thing, Exchange exchange);

    /** A route takes things from now on. @throws InputFailure where there is one already, and it may be one only */
    void begin(Route<T> route);

    void end(Route<T> route);

    /** Whether several routes may take them: each gets all. */
    default boolean isForSeveral() {
      return false;
    }
  }

  /** A route that begins here. */
  interface Route<T> {
    /** Returns once the route has gone through. @throws Exception why it has not */
    void take(T thing) throws Exception;

    String name();
  }

  SourceEndpoint(String uri, Component component, Source<T> source) {
    super(uri, component);
    this.source = source;
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    Begun consumer = new Begun(processor);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  public boolean isMultipleConsumersSupported() {
    return source.isForSeveral();
  }

  @Override
  public Producer createProducer() {
    throw new InputFailure(getEndpointUri() + " only starts routes");
  }

  private final class Begun extends DefaultConsumer implements Route<T> {
    Begun(Processor processor) {
      super(SourceEndpoint.this, processor);
    }

    @Override
    protected void doStart() throws Exception {
      super.doStart();
      source.begin(this);
    }

    @Override
    protected void doStop() throws Exception {
      source.end(this);
      super.doStop();
    }

    @Override
    public String name() {
      return getRouteId();
    }

    @Override
    public void take(T thing) throws Exception {
      Exchange exchange = createExchange(false);
      try {
        source.fill(thing, exchange);
        getProcessor().process(exchange);
        if (exchange.getException() != null) {
          throw exchange.getException();
        }
      } finally {
        releaseExchange(exchange, false);
      }
    }
  }
}
