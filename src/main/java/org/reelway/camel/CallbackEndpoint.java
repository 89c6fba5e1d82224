package org.reelway.camel;

import java.util.Arrays;
import java.util.List;
import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.reelway.transfer.flow.RecordingWork;

/** {@code reelway:callback}: what became of the recording is told to backends; in the outbox when the step is over. */
public final class CallbackEndpoint extends RecordingEndpoint {
  private final RecordingServices services;
  private About about = About.FINISHED;
  private List<String> receivers = List.of();

  /** What is told. */
  enum About {
    FINISHED,
    SET_ASIDE
  }

  CallbackEndpoint(String uri, Component component, RecordingServices services) {
    super(uri, component);
    this.services = services;
  }

  public void setAbout(String word) {
    this.about = EndpointParameters.choice(About.class, "about", word);
  }

  /** Names, separated by commas; empty for all. */
  public void setReceivers(String names) {
    this.receivers = Arrays.stream(names.split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList();
  }

  @Override
  void act(RecordingWork work, Exchange exchange) {
    if (about == About.FINISHED) {
      services.callbacks().finished(work, receivers);
    } else {
      Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
      services.callbacks()
          .setAside(work, failure != null ? failure : new IllegalStateException("a route gave no reason"), receivers);
    }
  }
}
