package org.reelway.camel;

import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.reelway.transfer.flow.RecordingWork;

/** {@code reelway:program}: the operator's program is run; the route ends here for as long as that takes, and begins anew. */
public final class ProgramEndpoint extends RecordingEndpoint {
  private final RecordingServices services;

  ProgramEndpoint(String uri, Component component, RecordingServices services) {
    super(uri, component);
    this.services = services;
  }

  @Override
  void act(RecordingWork work, Exchange exchange) {
    if (!services.programs().isOver(work)) {
      exchange.setRouteStop(true);
    }
  }
}
