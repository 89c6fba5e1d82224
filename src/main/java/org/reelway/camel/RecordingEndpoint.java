package org.reelway.camel;

import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.reelway.failure.InputFailure;
import org.reelway.transfer.flow.RecordingWork;

/** An endpoint that does something with the recording of the exchange. */
abstract class RecordingEndpoint extends DefaultEndpoint {
  /** Exchange property that carries the recording through a route; no header or body can stand in for it. */
  static final String WORK = "ReelwayWork";

  RecordingEndpoint(String uri, Component component) {
    super(uri, component);
  }

  abstract void act(RecordingWork work, Exchange exchange) throws Exception;

  static RecordingWork work(Exchange exchange, String endpoint) {
    if (exchange.getProperty(WORK) instanceof RecordingWork work) {
      return work;
    }
    throw new InputFailure(
        endpoint + " was reached by a message that is no recording: use it in a route that starts with"
            + " kamelet:recording-markers");
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) throws Exception {
        act(work(exchange, getEndpointUri()), exchange);
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new InputFailure(getEndpointUri() + " cannot start a route");
  }
}
