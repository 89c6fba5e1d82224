package org.reelway.camel;

import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.reelway.settings.KeyTemplate;
import org.reelway.settings.TransferSettings.OnExisting;
import org.reelway.transfer.TransferTarget;
import org.reelway.transfer.VerifiedObject;
import org.reelway.transfer.flow.RecordingWork;

/** {@code reelway:transfer}: the recording goes into a bucket and is verified. */
public final class TransferEndpoint extends RecordingEndpoint {
  private final RecordingServices services;
  private String bucket;
  private String prefix = "";
  private String key = "";
  private OnExisting onExisting = OnExisting.OVERWRITE;
  private boolean stripRecorderVersion;

  TransferEndpoint(String uri, Component component, RecordingServices services) {
    super(uri, component);
    this.services = services;
  }

  public void setBucket(String bucket) {
    this.bucket = bucket;
  }

  public void setPrefix(String prefix) {
    this.prefix = prefix;
  }

  public void setKey(String key) {
    KeyTemplate.parse(key);
    this.key = key;
  }

  public void setOnExisting(String word) {
    this.onExisting = EndpointParameters.choice(OnExisting.class, "onExisting", word);
  }

  public void setStripRecorderVersion(boolean strip) {
    this.stripRecorderVersion = strip;
  }

  @Override
  void act(RecordingWork work, Exchange exchange) {
    TransferTarget target = new TransferTarget(bucket, prefix, key, onExisting, stripRecorderVersion);
    VerifiedObject object = services.flow().transfer(work, target);
    Message message = exchange.getMessage();
    message.setHeader("ObjectBucket", object.bucket());
    message.setHeader("ObjectKey", object.key());
    message.setHeader("ObjectAddress", object.address());
    message.setHeader("ObjectEtag", object.etag());
    message.setHeader("ObjectEvidence", object.evidence());
    message.setHeader("ObjectInBackup", work.isInBackup());
  }
}
