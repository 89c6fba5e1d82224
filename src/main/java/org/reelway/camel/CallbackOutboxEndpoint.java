package org.reelway.camel;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.reelway.callback.Callback;
import org.reelway.callback.Payload;
import org.reelway.failure.InputFailure;

/** {@code reelway:callback-outbox}: the body is to be told to backends; in the outbox, on disk, when the step is over. */
public final class CallbackOutboxEndpoint extends DefaultEndpoint {
  private static final String SUBJECT = "CallbackSubject";
  private static final String QUEUE = "CallbackQueue";
  private static final String ABOUT = "CallbackAbout";

  private final CallbackSteps callbacks;
  private String type = "";
  private List<String> receivers = List.of();

  CallbackOutboxEndpoint(String uri, Component component, CallbackSteps callbacks) {
    super(uri, component);
    this.callbacks = callbacks;
  }

  /** @param type such as {@code recording.finished} */
  public void setType(String type) {
    this.type = type;
  }

  /** Names, separated by commas; empty for all of {@code reelway.callbacks.url}. */
  public void setReceivers(String names) {
    this.receivers = Arrays.stream(names.split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList();
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    if (type.isBlank()) {
      throw new InputFailure("type is empty; name what is told, such as recording.finished");
    }
  }

  /** Sets the headers that say which callback the payload is. @return its body */
  static Map<String, Object> named(Payload payload, Exchange exchange) {
    Message message = exchange.getMessage();
    message.setHeader(SUBJECT, payload.subject());
    message.setHeader(QUEUE, payload.queue());
    message.setHeader(ABOUT, payload.about());
    return payload.body();
  }

  private void add(Exchange exchange) {
    Message message = exchange.getMessage();
    String body = message.getBody(String.class);
    if (body == null) {
      throw new InputFailure("kamelet:callback-outbox was reached by a message that is no text; marshal it before");
    }
    callbacks.add(
        receivers,
        new Callback(
            type, message.getHeader(SUBJECT, body, String.class), message.getHeader(QUEUE, type, String.class),
            message.getHeader(ABOUT, "", String.class), body));
    // Of the payload; steps behind this one have to do with the recording.
    message.removeHeaders("Callback*");
    message.removeHeader(Exchange.CONTENT_TYPE);
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      protected void doStart() throws Exception {
        super.doStart();
        callbacks.requireKnown(receivers);
      }

      @Override
      public void process(Exchange exchange) {
        add(exchange);
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new InputFailure(getEndpointUri() + " cannot start a route");
  }
}
