package org.reelway.camel;

import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.reelway.failure.InputFailure;
import org.reelway.mediaserver.EventInbox;

/** {@code reelway:stream-events}: tells the route of streams of media servers that begin and end. */
public final class StreamEventsEndpoint extends DefaultEndpoint {
  private final EventInbox inbox;

  StreamEventsEndpoint(String uri, Component component, EventInbox inbox) {
    super(uri, component);
    this.inbox = inbox;
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    StreamEventsConsumer consumer = new StreamEventsConsumer(this, processor, inbox);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  public Producer createProducer() {
    throw new InputFailure(getEndpointUri() + " only starts routes");
  }
}
