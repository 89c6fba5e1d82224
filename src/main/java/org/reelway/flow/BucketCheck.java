package org.reelway.flow;

import org.reelway.failure.DestinationFailure;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the bucket when the sidecar starts, so that a wrong name, region or key is told then and not with the first
 * recording. Beside the start: it neither holds that up nor stops it, for recordings wait in their folder.
 */
public final class BucketCheck {
  private static final Logger LOG = LoggerFactory.getLogger(BucketCheck.class);

  private final Store store;
  private final String bucket;

  public BucketCheck(Store store, String bucket) {
    this.store = store;
    this.bucket = bucket;
  }

  /** Returns at once. */
  public void begin() {
    Thread thread = new Thread(this::look, "bucket-check");
    thread.setDaemon(true);
    thread.start();
  }

  void look() {
    try {
      store.headBucket(bucket);
    } catch (StoreFailure e) {
      if (e.isCode("Interrupted")) {
        return;
      }
      String though =
          e.status() == 403
              ? ". Keys that may only write are refused like this too, and are enough"
              : "; recordings stay where they are until it takes them";
      LOG.warn("the bucket is not as it should be: {}{}", e.getMessage(), though);
    } catch (DestinationFailure noCredentials) {
      LOG.warn("the bucket cannot be asked for: {}", noCredentials.getMessage());
    }
  }
}
