package org.reelway.camel;

import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.reelway.callback.Answer;
import org.reelway.callback.Callback;
import org.reelway.callback.CallbackClient;
import org.reelway.callback.Deliveries;
import org.reelway.callback.Delivery;
import org.reelway.callback.Outbox;
import org.reelway.callback.Receivers;
import org.reelway.callback.RecordingCallbacks;
import org.reelway.callback.Signer;
import org.reelway.failure.InputFailure;
import org.reelway.transfer.flow.RecordingWork;

/** What routes ask and do about callbacks: their payloads, the outbox, and one that is due and is to be delivered. */
public final class CallbackSteps {
  /** Exchange property that carries the try through the route. */
  static final String DELIVERY = "ReelwayDelivery";

  private final Outbox outbox;
  private final Deliveries deliveries;
  private final RecordingCallbacks recordings;
  private final Receivers receivers;
  private final Signer signer;
  private final CallbackClient client;
  private final Delivery.Terms usual;
  private final Clock clock;

  /** @param usual of those that the route does not settle */
  CallbackSteps(
      Outbox outbox, Deliveries deliveries, RecordingCallbacks recordings, Receivers receivers, Signer signer, CallbackClient client,
      Delivery.Terms usual, Clock clock) {
    this.outbox = outbox;
    this.deliveries = deliveries;
    this.recordings = recordings;
    this.receivers = receivers;
    this.signer = signer;
    this.client = client;
    this.usual = usual;
    this.clock = clock;
  }

  /** Whether any receiver is told of recordings: where none is, nothing needs to be made of it. */
  public boolean isAnybodyTold() {
    return recordings.isAnybodyTold();
  }

  /** The body of {@code recording.finished}. */
  public Map<String, Object> finished(Exchange exchange) {
    return CallbackOutboxEndpoint.named(recordings.finished(work(exchange, "finished")), exchange);
  }

  /** Whether a recording that is set aside is told of: one that another sidecar has finished is not. */
  public boolean isSetAsideTold(Exchange exchange) {
    return isAnybodyTold() && recordings.isThere(work(exchange, "isSetAsideTold"));
  }

  /** The body of {@code recording.set-aside}, with the failure that was caught as its reason. */
  public Map<String, Object> setAside(Exchange exchange) {
    Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    Throwable reason = failure != null ? failure : new IllegalStateException("a route gave no reason");
    return CallbackOutboxEndpoint.named(recordings.setAside(work(exchange, "setAside"), reason), exchange);
  }

  private static RecordingWork work(Exchange exchange, String method) {
    return RecordingEndpoint.work(exchange, "callbackSteps." + method);
  }

  /** @param names of receivers; none for all of the settings */
  void add(List<String> names, Callback callback) {
    outbox.add(names.isEmpty() ? recordings.receivers() : names, callback);
  }

  /** @throws InputFailure where one of them is in no setting */
  void requireKnown(List<String> names) {
    for (String name : names) {
      if (!receivers.names().contains(name)) {
        throw new InputFailure(
            "the route tells the receiver \"" + name + "\", and reelway.callbacks.url names " + recordings.receivers());
      }
    }
  }

  /** Where the callback's receiver is, as the settings have it: it can hold a secret. */
  public URI address(Exchange exchange) {
    String receiver = delivery(exchange).callback().receiver();
    return receivers.address(receiver)
        .orElseThrow(
            () -> new InputFailure(
                "the settings name no receiver \"" + receiver
                    + "\" (reelway.callbacks.url, or callbackUrl of the mixer's settings)"));
  }

  /** Sets the headers of Standard Webhooks for the body as it is now, which is bytes from here on. */
  public void sign(Exchange exchange) {
    Message message = exchange.getMessage();
    byte[] body = message.getBody(byte[].class);
    String id = delivery(exchange).callback().id();
    long seconds = clock.instant().getEpochSecond();
    message.setBody(body);
    message.setHeader("webhook-id", id);
    message.setHeader("webhook-timestamp", String.valueOf(seconds));
    signer.sign(id, seconds, body).ifPresent(signature -> message.setHeader("webhook-signature", signature));
  }

  static Delivery delivery(Exchange exchange) {
    if (exchange.getProperty(DELIVERY) instanceof Delivery delivery) {
      return delivery;
    }
    throw new InputFailure(
        "a message that is no callback: use callback-sign and callback-settle in a route that starts with"
            + " kamelet:callbacks-due");
  }

  /** What the route met, as the receiver's answer. */
  Answer answer(Exchange exchange) {
    Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    if (failure instanceof HttpOperationFailedException refused) {
      String retryAfter =
          refused.getResponseHeaders().entrySet().stream()
              .filter(header -> header.getKey().equalsIgnoreCase("Retry-After")).map(header -> header.getValue())
              .findFirst().orElse(null);
      return Answer.of(refused.getStatusCode(), refused.getResponseBody(), retryAfter, clock.instant());
    }
    return failure == null ? Answer.away("the route says so") : Answer.away(failure);
  }

  void settleLater(Delivery delivery, Answer answer) {
    delivery.later(answer, usual);
  }

  Deliveries deliveries() {
    return deliveries;
  }

  /** Nothing is handed out any more; what has not ended in a moment is cut. */
  void rest() {
    if (!deliveries.rest()) {
      client.cut();
    }
  }
}
