package org.reelway.camel;

import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.reelway.failure.InputFailure;

/** {@code reelway:relay} sends the stream of the message to a destination, {@code reelway:relay-stop} ends its relays. */
public final class RelayEndpoint extends DefaultEndpoint {
  private final FanOutSteps fanOut;
  private final boolean stop;
  private String destination = "";

  RelayEndpoint(String uri, Component component, FanOutSteps fanOut, boolean stop) {
    super(uri, component);
    this.fanOut = fanOut;
    this.stop = stop;
  }

  /** @param destination its name; empty for the one that the body names */
  public void setDestination(String destination) {
    this.destination = destination;
  }

  private void act(Exchange exchange) {
    if (stop) {
      fanOut.stopRelays(exchange);
    } else {
      fanOut.relay(exchange, destination.isEmpty() ? exchange.getMessage().getBody(String.class) : destination);
    }
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        act(exchange);
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new InputFailure(getEndpointUri() + " cannot start a route");
  }
}
