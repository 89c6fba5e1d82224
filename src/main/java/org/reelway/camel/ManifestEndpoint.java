package org.reelway.camel;

import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.reelway.settings.TransferSettings.ManifestChoice;
import org.reelway.transfer.flow.RecordingWork;

/** {@code reelway:manifest}: a verified recording gets its manifest beside it. */
public final class ManifestEndpoint extends RecordingEndpoint {
  private final RecordingServices services;
  private ManifestChoice manifest = ManifestChoice.ON;

  ManifestEndpoint(String uri, Component component, RecordingServices services) {
    super(uri, component);
    this.services = services;
  }

  public void setManifest(String word) {
    this.manifest = EndpointParameters.choice(ManifestChoice.class, "manifest", word);
  }

  @Override
  void act(RecordingWork work, Exchange exchange) throws Exception {
    services
        .manifests()
        .write(work, manifest)
        .ifPresent(key -> exchange.getMessage().setHeader("ManifestKey", key));
  }
}
