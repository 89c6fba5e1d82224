package org.reelway.camel;

import java.util.function.BiConsumer;
import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.reelway.transfer.flow.RecordingWork;

/** {@code reelway:retry-later} and {@code reelway:set-aside}: what the error policy does with a recording that failed. */
public final class ErrorEndpoint extends RecordingEndpoint {
  private final BiConsumer<RecordingWork, Throwable> conclusion;

  ErrorEndpoint(String uri, Component component, BiConsumer<RecordingWork, Throwable> conclusion) {
    super(uri, component);
    this.conclusion = conclusion;
  }

  @Override
  void act(RecordingWork work, Exchange exchange) {
    Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    conclusion.accept(work, failure != null ? failure : new IllegalStateException("a route gave no reason"));
  }
}
