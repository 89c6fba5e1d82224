package org.reelway.camel;

import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.reelway.callback.Answer;
import org.reelway.callback.Delivery;
import org.reelway.failure.InputFailure;
import org.reelway.state.CallbackRow;

/**
 * One message for each try of a callback, of several at once. Headers are those of the POST; what the callback is about are
 * properties of the exchange. A callback that the route does not settle is tried again later, as one that was not taken.
 */
final class CallbacksDueConsumer extends DefaultConsumer {
  private final CallbackSteps callbacks;

  CallbacksDueConsumer(CallbacksDueEndpoint endpoint, Processor processor, CallbackSteps callbacks) {
    super(endpoint, processor);
    this.callbacks = callbacks;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    if (callbacks.deliveries().isCarried()) {
      throw new InputFailure(
          "a second route begins with kamelet:callbacks-due; divide callbacks by a choice on ${exchangeProperty.CallbackReceiver}"
              + " in one route");
    }
    callbacks.deliveries().carryBy(this::carry);
  }

  @Override
  protected void doStop() throws Exception {
    callbacks.rest();
    super.doStop();
  }

  private void carry(Delivery delivery) {
    Exchange exchange = createExchange(false);
    try {
      fill(exchange, delivery);
      getProcessor().process(exchange);
      Exception failure = exchange.getException();
      if (failure != null) {
        callbacks.settleLater(delivery, Answer.away(failure));
      } else if (!delivery.isSettled()) {
        callbacks.settleLater(
            delivery, Answer.away("the route of kamelet:callbacks-due ended without kamelet:callback-settle"));
      }
    } catch (Exception e) {
      callbacks.settleLater(delivery, Answer.away(e));
    } finally {
      releaseExchange(exchange, false);
    }
  }

  private static void fill(Exchange exchange, Delivery delivery) {
    CallbackRow callback = delivery.callback();
    exchange.setProperty(CallbackSteps.DELIVERY, delivery);
    exchange.setProperty("CallbackType", callback.kind());
    exchange.setProperty("CallbackReceiver", callback.receiver());
    exchange.setProperty("CallbackAbout", callback.about());
    exchange.setProperty("CallbackTry", callback.tries() + 1);
    Message message = exchange.getMessage();
    message.setBody(callback.body().getBytes(StandardCharsets.UTF_8));
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setHeader("webhook-id", callback.id());
  }
}
