package org.reelway.camel;

import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.reelway.failure.InputFailure;

/** {@code reelway:stream-events}: tells the route of streams of media servers that begin and end. */
public final class StreamEventsEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {
  private final EventParts events;
  private boolean running;

  StreamEventsEndpoint(String uri, Component component, EventParts events) {
    super(uri, component);
    this.events = events;
  }

  /** @param running whether the route is told of streams that are on at the start, too */
  public void setRunning(boolean running) {
    this.running = running;
  }

  /** Each route is told of all. */
  @Override
  public boolean isMultipleConsumersSupported() {
    return true;
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    StreamEventsConsumer consumer = new StreamEventsConsumer(this, processor, events, running);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  public Producer createProducer() {
    throw new InputFailure(getEndpointUri() + " only starts routes");
  }
}
