package org.reelway.camel;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.reelway.failure.InputFailure;
import org.reelway.settings.TransferSettings.ManifestChoice;
import org.reelway.transfer.TransferStopped;
import org.reelway.transfer.audit.RecordingManifests;
import org.reelway.transfer.audit.RecordingManifests.Subject;

/** What routes ask and do about the manifest of a verified recording; the put itself is a step of {@code aws2-s3}. */
public final class ManifestSteps {
  /** Exchange property: the recording that the manifest is of. */
  static final String SUBJECT = "ReelwayManifest";

  private final RecordingManifests manifests;

  ManifestSteps(RecordingManifests manifests) {
    this.manifests = manifests;
  }

  /**
   * Sets the headers of the object that the manifest becomes.
   *
   * @param choice off, on or full
   * @return the members of the JSON; null where none is wanted, or it is in the store already, as after a crash
   */
  public Map<String, Object> describe(Exchange exchange, String choice) {
    ManifestChoice wanted = new EndpointParameters(new HashMap<>(Map.of("manifest", choice))).choice("manifest", ManifestChoice.ON);
    Optional<Subject> known = wanted == ManifestChoice.OFF ? Optional.empty() : subject(exchange);
    if (known.isEmpty()) {
      return null;
    }
    Subject subject = known.get();
    exchange.setProperty(SUBJECT, subject);
    Message message = exchange.getMessage();
    message.setHeader("ManifestKey", subject.key());
    message.setHeader("ManifestClient", StoreFeature.client(subject.object().store()));
    message.setHeader("ManifestMetadata", subject.metadata());
    try {
      return manifests.isThere(subject) ? null : manifests.describe(subject, wanted);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransferStopped(e);
    }
  }

  private Optional<Subject> subject(Exchange exchange) {
    return exchange.getProperty(SUBJECT) instanceof Subject returned
        ? Optional.of(returned)
        : manifests.subject(RecordingSteps.work(exchange, "manifestSteps.describe"));
  }

  /** The manifest's bytes, signed where there is a secret, and the header of what the store checks them by. */
  public byte[] seal(Exchange exchange) {
    byte[] manifest = manifests.seal(exchange.getMessage().getBody(String.class));
    manifests.md5(of(exchange), manifest)
        .ifPresent(md5 -> exchange.getMessage().setHeader("ManifestMd5", md5));
    return manifest;
  }

  /** Makes sure that the store holds it, and notes that it does. */
  public void confirm(Exchange exchange) {
    Message message = exchange.getMessage();
    String etag = message.getHeader("CamelAwsS3ETag", "", String.class).replace("\"", "");
    manifests.confirm(of(exchange), message.getBody(byte[].class), etag);
  }

  private static Subject of(Exchange exchange) {
    if (exchange.getProperty(SUBJECT) instanceof Subject subject) {
      return subject;
    }
    throw new InputFailure("a message without a manifest: the step manifestSteps.describe comes first");
  }
}
