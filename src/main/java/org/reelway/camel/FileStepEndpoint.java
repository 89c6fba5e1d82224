package org.reelway.camel;

import java.nio.file.Path;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.reelway.failure.InputFailure;

/**
 * Does something with the file that the header RecordingFile names: {@code reelway:mix} has it mixed, {@code reelway:mark}
 * gives it its marker.
 */
public final class FileStepEndpoint extends DefaultEndpoint {
  private final Step step;
  private String foundBy = "route";

  /** What is done. */
  @FunctionalInterface
  interface Step {
    /** @param recorderUri of the multi-recorder; empty for none @param foundBy who says that it is finished */
    void act(Path file, String recorderUri, String foundBy);
  }

  FileStepEndpoint(String uri, Component component, Step step) {
    super(uri, component);
    this.step = step;
  }

  /** @param foundBy what the recording's story has as its finder */
  public void setFoundBy(String foundBy) {
    this.foundBy = foundBy;
  }

  private void act(Exchange exchange) {
    Message message = exchange.getMessage();
    String file = message.getHeader(ConferenceSteps.FILE, String.class);
    if (file == null) {
      throw new InputFailure(getEndpointUri() + " was reached by a message without the header " + ConferenceSteps.FILE);
    }
    step.act(Path.of(file), message.getHeader(ConferenceSteps.URI, "", String.class), foundBy);
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        act(exchange);
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new InputFailure(getEndpointUri() + " cannot start a route");
  }
}
