package org.reelway.camel;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.reelway.callback.Answer;
import org.reelway.callback.Callback;
import org.reelway.callback.CallbackClient;
import org.reelway.callback.Deliveries;
import org.reelway.callback.Delivery;
import org.reelway.callback.Outbox;
import org.reelway.callback.Payload;
import org.reelway.callback.Receivers;
import org.reelway.callback.RecordingCallbacks;
import org.reelway.callback.Signer;
import org.reelway.failure.InputFailure;
import org.reelway.settings.CallbackSettings;
import org.reelway.state.CallbackRow;
import org.reelway.transfer.Backoff;
import org.reelway.transfer.flow.RecordingWork;

/** What routes ask and do about callbacks: their payloads, the outbox, and one that is due and is to be delivered. */
public final class CallbackSteps {
  /** Exchange property that carries the try through the route. */
  static final String DELIVERY = "ReelwayDelivery";

  private static final String TYPE = "CallbackType";
  private static final String SUBJECT = "CallbackSubject";
  private static final String QUEUE = "CallbackQueue";
  private static final String ABOUT = "CallbackAbout";

  private final Outbox outbox;
  private final Deliveries deliveries;
  private final RecordingCallbacks recordings;
  private final Receivers receivers;
  private final Signer signer;
  private final CallbackClient client;
  private final Delivery.Terms usual;
  private final Function<String, Optional<String>> traces;
  private final Clock clock;
  private final RouteSource<StreamCallback> streamCallbacks = new RouteSource<>("stream-callbacks", CallbackSteps::fill);

  private record StreamCallback(String type, Payload payload) {}

  /**
   * @param usual of those that the route does not settle
   * @param traces the header of a recording's trace, by its id; empty for none
   */
  CallbackSteps(
      Outbox outbox, Deliveries deliveries, RecordingCallbacks recordings, Receivers receivers, Signer signer, CallbackClient client,
      Delivery.Terms usual, Function<String, Optional<String>> traces, Clock clock) {
    this.outbox = outbox;
    this.deliveries = deliveries;
    this.recordings = recordings;
    this.receivers = receivers;
    this.signer = signer;
    this.client = client;
    this.usual = usual;
    this.traces = traces;
    this.clock = clock;
  }

  /** Returns once the route that tells of streams has gone through. */
  void tellOfStream(String type, Payload payload) {
    streamCallbacks.give(new StreamCallback(type, payload));
  }

  private static void fill(StreamCallback callback, Exchange exchange) {
    exchange.getMessage().setHeader(TYPE, callback.type());
    exchange.getMessage().setBody(named(callback.payload(), exchange));
  }

  SourceEndpoint.Source<?> streamCallbacks() {
    return streamCallbacks;
  }

  /** Whether any receiver is told of recordings: where none is, nothing needs to be made of it. */
  public boolean isAnybodyTold() {
    return recordings.isAnybodyTold();
  }

  /** The body of {@code recording.finished}. */
  public Map<String, Object> finished(Exchange exchange) {
    return named(recordings.finished(work(exchange, "finished")), exchange);
  }

  /** Whether a recording that is set aside is told of: one that another sidecar has finished is not. */
  public boolean isSetAsideTold(Exchange exchange) {
    return isAnybodyTold() && recordings.isThere(work(exchange, "isSetAsideTold"));
  }

  /** The body of {@code recording.set-aside}, with the failure that was caught as its reason. */
  public Map<String, Object> setAside(Exchange exchange) {
    Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    Throwable reason = failure != null ? failure : new IllegalStateException("a route gave no reason");
    return named(recordings.setAside(work(exchange, "setAside"), reason), exchange);
  }

  /** The body of {@code recording.brought-back}. */
  public Map<String, Object> broughtBack(Exchange exchange) {
    return named(recordings.broughtBack(ReturnedRecordings.of(exchange)), exchange);
  }

  private static RecordingWork work(Exchange exchange, String method) {
    return RecordingSteps.work(exchange, "callbackSteps." + method);
  }

  /** Sets the headers that say which callback the payload is. @return its body */
  static Map<String, Object> named(Payload payload, Exchange exchange) {
    Message message = exchange.getMessage();
    message.setHeader(SUBJECT, payload.subject());
    message.setHeader(QUEUE, payload.queue());
    message.setHeader(ABOUT, payload.about());
    return payload.body();
  }

  /** The body is to be told to backends; it is in the outbox, on disk, when the step is over. */
  StepEndpoint.Step outbox(EndpointParameters given) {
    String type = given.take("type", "");
    List<String> names =
        Arrays.stream(given.take("receivers", "").split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList();
    return new StepEndpoint.Step() {
      @Override
      public void begin() {
        requireKnown(names);
      }

      @Override
      public void act(Exchange exchange) {
        add(type, names.isEmpty() ? recordings.receivers() : names, exchange.getMessage());
      }
    };
  }

  private void add(String type, List<String> names, Message message) {
    String body = message.getBody(String.class);
    if (body == null) {
      throw new InputFailure("kamelet:callback-outbox was reached by a message that is no text; marshal it before");
    }
    String kind = type.isBlank() ? message.getHeader(TYPE, "", String.class) : type;
    if (kind.isBlank()) {
      throw new InputFailure("type is empty, and so is the header " + TYPE + "; name what is told, such as recording.finished");
    }
    outbox.add(
        names,
        new Callback(
            kind, message.getHeader(SUBJECT, body, String.class), message.getHeader(QUEUE, kind, String.class),
            message.getHeader(ABOUT, "", String.class), body));
    // Of the payload; steps behind this one have to do with the recording.
    message.removeHeaders("Callback*");
    message.removeHeader(Exchange.CONTENT_TYPE);
  }

  /** @throws InputFailure where one of them is in no setting */
  private void requireKnown(List<String> names) {
    for (String name : names) {
      if (!receivers.names().contains(name)) {
        throw new InputFailure(
            "the route tells the receiver \"" + name + "\", and reelway.callbacks.url names " + recordings.receivers());
      }
    }
  }

  /** Where the callback's receiver is, as the settings have it: it can hold a secret. */
  public URI address(Exchange exchange) {
    delivery(exchange).requireOwned();
    String receiver = delivery(exchange).callback().receiver();
    return receivers.address(receiver)
        .orElseThrow(
            () -> new InputFailure(
                "the settings name no receiver \"" + receiver
                    + "\" (reelway.callbacks.url, or callbackUrl of the mixer's settings)"));
  }

  /** Makes the name of the store's client, or presigner, of a recording that the body tells of: {@code storeClient} and this. */
  public String storeSuffix(@Body Map<String, Map<String, Object>> callback) {
    return StoreFeature.suffix(callback.get("data").get("store") instanceof String store ? store : "");
  }

  /** Puts the link that is the body among what is told of the recording. @return the callback's members */
  public Map<?, ?> linked(@Body String link, @ExchangeProperty("CallbackMembers") Map<String, Map<String, Object>> callback) {
    callback.get("data").put("link", link);
    return callback;
  }

  /** Sets the headers of Standard Webhooks for the body as it is now, which is bytes from here on. */
  public void sign(Exchange exchange) {
    delivery(exchange).requireOwned();
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

  /** How a try of a callback ended. */
  StepEndpoint.Step settle(EndpointParameters given) {
    Outcome outcome = given.choice("outcome", Outcome.DELIVERED);
    Backoff pauses =
        new Backoff(
            given.take("first", "5s", CallbackSettings.RETRY_FIRST::parse),
            given.take("most", "15m", CallbackSettings.RETRY_MAX::parse));
    Delivery.Terms terms = new Delivery.Terms(pauses, given.take("giveUpAfter", "3d", CallbackSettings.GIVE_UP_AFTER::parse));
    return exchange -> {
      Delivery delivery = delivery(exchange);
      switch (outcome) {
        case DELIVERED -> delivery.delivered(status(exchange));
        case RETRY -> delivery.later(answer(exchange), terms);
        default -> delivery.dead(answer(exchange));
      }
    };
  }

  private enum Outcome {
    DELIVERED,
    RETRY,
    DEAD
  }

  /** What the route met, as the receiver's answer. */
  private Answer answer(Exchange exchange) {
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

  /**
   * One message for each try of a callback, of several at once. Headers are those of the POST; what the callback is about are
   * properties of the exchange. A callback that the route does not settle is tried again later, as one that was not taken.
   */
  SourceEndpoint.Source<Delivery> due() {
    return new SourceEndpoint.Source<>() {
      @Override
      public void begin(SourceEndpoint.Route<Delivery> route) {
        if (deliveries.isCarried()) {
          throw new InputFailure(
              "a second route begins with kamelet:callbacks-due; divide callbacks by a choice on ${exchangeProperty.CallbackReceiver}"
                  + " in one route");
        }
        deliveries.carryBy(delivery -> carry(route, delivery));
      }

      /** Nothing is handed out any more; what has not ended in a moment is cut. */
      @Override
      public void end(SourceEndpoint.Route<Delivery> route) {
        if (!deliveries.rest()) {
          client.cut();
        }
      }

      @Override
      public void fill(Delivery delivery, Exchange exchange) {
        CallbackRow callback = delivery.callback();
        exchange.setProperty(DELIVERY, delivery);
        exchange.setProperty("CallbackType", callback.kind());
        exchange.setProperty("CallbackReceiver", callback.receiver());
        exchange.setProperty("CallbackAbout", callback.about());
        exchange.setProperty("CallbackTry", callback.tries() + 1);
        Message message = exchange.getMessage();
        message.setBody(callback.body().getBytes(StandardCharsets.UTF_8));
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setHeader("webhook-id", callback.id());
        RecordingCallbacks.recording(callback).flatMap(traces).ifPresent(parent -> message.setHeader("traceparent", parent));
      }
    };
  }

  private void carry(SourceEndpoint.Route<Delivery> route, Delivery delivery) {
    try {
      route.take(delivery);
      if (!delivery.isSettled()) {
        delivery.later(Answer.away("the route of kamelet:callbacks-due ended without kamelet:callback-settle"), usual);
      }
    } catch (Exception e) {
      delivery.later(Answer.away(e), usual);
    }
  }

  /** Of the answer that the shipped step keeps in a variable, or of a step of one's own that leaves it in the message; 0 where none tells. */
  private static int status(Exchange exchange) {
    Integer kept = exchange.getVariable("header:answer." + Exchange.HTTP_RESPONSE_CODE, Integer.class);
    return kept != null ? kept : exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
  }
}
