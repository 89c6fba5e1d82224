package org.reelway.camel;

import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.reelway.transfer.flow.RecordingWork;

/** {@code reelway:skip}: the route decides that the recording is not sent. */
public final class SkipEndpoint extends RecordingEndpoint {
  private final RecordingServices services;
  private String reason = "a route skipped it";

  SkipEndpoint(String uri, Component component, RecordingServices services) {
    super(uri, component);
    this.services = services;
  }

  public void setReason(String reason) {
    this.reason = reason;
  }

  @Override
  void act(RecordingWork work, Exchange exchange) {
    services.flow().skip(work, reason);
  }
}
