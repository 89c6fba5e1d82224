package org.reelway.camel;

import java.time.Duration;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.reelway.callback.Delivery;
import org.reelway.failure.InputFailure;
import org.reelway.settings.CallbackSettings;
import org.reelway.transfer.Backoff;

/** {@code reelway:callback-settle}: how a try of a callback ended. */
public final class CallbackSettleEndpoint extends DefaultEndpoint {
  private final CallbackSteps callbacks;
  private Outcome outcome = Outcome.DELIVERED;
  private Duration first = Duration.ofSeconds(5);
  private Duration most = Duration.ofMinutes(15);
  private Duration giveUpAfter = Duration.ofDays(3);

  /** What is said of it. */
  enum Outcome {
    DELIVERED,
    RETRY,
    DEAD
  }

  CallbackSettleEndpoint(String uri, Component component, CallbackSteps callbacks) {
    super(uri, component);
    this.callbacks = callbacks;
  }

  public void setOutcome(String word) {
    this.outcome = EndpointParameters.choice(Outcome.class, "outcome", word);
  }

  /** @param time as in settings */
  public void setFirst(String time) {
    this.first = CallbackSettings.RETRY_FIRST.parse(time);
  }

  public void setMost(String time) {
    this.most = CallbackSettings.RETRY_MAX.parse(time);
  }

  public void setGiveUpAfter(String time) {
    this.giveUpAfter = CallbackSettings.GIVE_UP_AFTER.parse(time);
  }

  private void settle(Exchange exchange) {
    Delivery delivery = CallbackSteps.delivery(exchange);
    switch (outcome) {
      case DELIVERED -> delivery.delivered(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class));
      case RETRY -> delivery.later(callbacks.answer(exchange), new Delivery.Terms(new Backoff(first, most), giveUpAfter));
      default -> delivery.dead(callbacks.answer(exchange));
    }
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        settle(exchange);
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new InputFailure(getEndpointUri() + " cannot start a route");
  }
}
