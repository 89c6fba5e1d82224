package org.reelway.camel;

import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.reelway.failure.InputFailure;

/** {@code reelway:callbacks-due}: hands out the callbacks of the outbox whose time has come. */
public final class CallbacksDueEndpoint extends DefaultEndpoint {
  private final CallbackSteps callbacks;

  CallbacksDueEndpoint(String uri, Component component, CallbackSteps callbacks) {
    super(uri, component);
    this.callbacks = callbacks;
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    CallbacksDueConsumer consumer = new CallbacksDueConsumer(this, processor, callbacks);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  public Producer createProducer() {
    throw new InputFailure(getEndpointUri() + " only starts routes");
  }
}
