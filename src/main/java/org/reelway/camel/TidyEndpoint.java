package org.reelway.camel;

import java.nio.file.Path;
import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.reelway.failure.InputFailure;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.transfer.flow.RecordingWork;

/** {@code reelway:tidy}: what happens to the file after its verification; the end of a recording's way. */
public final class TidyEndpoint extends RecordingEndpoint {
  private final RecordingServices services;
  private Tidy action = Tidy.KEEP;
  private Path moveTo;

  TidyEndpoint(String uri, Component component, RecordingServices services) {
    super(uri, component);
    this.services = services;
  }

  public void setAction(String word) {
    this.action = EndpointParameters.choice(Tidy.class, "action", word);
  }

  public void setMoveTo(String folder) {
    this.moveTo = folder.isBlank() ? null : Path.of(folder);
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    if (action == Tidy.MOVE && moveTo == null) {
      throw new InputFailure("action is \"move\" and moveTo is not set; name the folder that recordings move to");
    }
  }

  @Override
  void act(RecordingWork work, Exchange exchange) {
    services.flow().tidy(work, action, moveTo);
  }
}
