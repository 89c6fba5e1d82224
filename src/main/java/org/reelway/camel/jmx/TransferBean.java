package org.reelway.camel.jmx;

import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.reelway.transfer.TransferProgress;

/** The MBean {@code org.reelway:type=Transfer,id=…}, for as long as a transfer lasts. */
@ManagedResource(description = "A recording that is being sent")
public final class TransferBean {
  private final TransferProgress transfer;

  public TransferBean(TransferProgress transfer) {
    this.transfer = transfer;
  }

  @ManagedAttribute(description = "The id of the recording, as in GET /recordings")
  public String getRecordingId() {
    return transfer.id();
  }

  @ManagedAttribute(description = "Its path")
  public String getFile() {
    return transfer.recording().file().toString();
  }

  @ManagedAttribute(description = "Where it goes")
  public String getBucket() {
    return transfer.bucket();
  }

  @ManagedAttribute(description = "Where it goes")
  public String getKey() {
    return transfer.key();
  }

  @ManagedAttribute(description = "Bytes of the file")
  public long getSize() {
    return transfer.size();
  }

  @ManagedAttribute(description = "Bytes that the store holds or that are on their way")
  public long getBytesDone() {
    return transfer.bytesDone();
  }

  @ManagedAttribute(description = "Body bytes sent in this try, repeated ones included")
  public long getBytesSent() {
    return transfer.bytesSent();
  }

  @ManagedAttribute(description = "Bytes a second, lately")
  public long getBytesPerSecond() {
    return transfer.bytesPerSecond();
  }

  @ManagedAttribute(description = "Parts of the file")
  public int getPartsTotal() {
    return transfer.partsTotal();
  }

  @ManagedAttribute(description = "Parts that the store holds")
  public int getPartsDone() {
    return transfer.partsDone();
  }

  @ManagedAttribute(description = "Parts that the store held from before this try")
  public int getPartsResumed() {
    return transfer.partsResumed();
  }

  @ManagedAttribute(description = "Requests that were repeated in this try")
  public long getRetries() {
    return transfer.retries();
  }

  @ManagedAttribute(description = "What it does")
  public String getState() {
    return transfer.state().word();
  }

  @ManagedAttribute(description = "Empty where nothing went wrong")
  public String getLastError() {
    return transfer.lastError();
  }

  @ManagedAttribute(description = "ISO 8601")
  public String getStartedAt() {
    return transfer.startedAt().toString();
  }
}
