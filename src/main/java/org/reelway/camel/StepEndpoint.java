package org.reelway.camel;

import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.reelway.failure.InputFailure;

/** A block that does one thing with the message; what it does is a {@link Step}. */
final class StepEndpoint extends DefaultEndpoint {
  private final Step step;

  /** What is done. Its parameters were read, and refused where they are wrong, when it was made. */
  @FunctionalInterface
  interface Step {
    void act(Exchange exchange) throws Exception;

    /** The route starts. */
    default void begin() {}
  }

  StepEndpoint(String uri, Component component, Step step) {
    super(uri, component);
    this.step = step;
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      protected void doStart() throws Exception {
        super.doStart();
        step.begin();
      }

      @Override
      public void process(Exchange exchange) throws Exception {
        step.act(exchange);
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new InputFailure(getEndpointUri() + " cannot start a route");
  }
}
