package org.reelway.flow;

import org.reelway.state.AbandonedUploads;
import org.reelway.transfer.Abandoned;
import org.reelway.transfer.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Aborts unfinished uploads of our own: noted durably first, done when the store takes it. */
public final class AbortQueue implements Abandoned {
  private static final Logger LOG = LoggerFactory.getLogger(AbortQueue.class);

  private final Store store;
  private final AbandonedUploads uploads;

  public AbortQueue(Store store, AbandonedUploads uploads) {
    this.store = store;
    this.uploads = uploads;
  }

  @Override
  public void abort(String bucket, String key, String uploadId, String why) {
    AbandonedUploads.Upload upload = new AbandonedUploads.Upload(bucket, key, uploadId, why);
    try {
      uploads.add(upload);
    } catch (RuntimeException e) {
      LOG.error(
          "the upload {} of {}/{} is to be aborted but that cannot be noted: {}", uploadId, bucket, key, e.toString());
    }
    abort(upload);
  }

  /** Aborts what waits; what the store does not take now stays for the next time, and keeps no other from its turn. */
  public void work() {
    try {
      uploads.all().forEach(this::abort);
    } catch (RuntimeException e) {
      LOG.warn("the uploads that wait for their abort cannot be read: {}", e.toString());
    }
  }

  private void abort(AbandonedUploads.Upload upload) {
    try {
      store.abortMultipart(upload.bucket(), upload.key(), upload.uploadId());
      LOG.info("aborted our unfinished upload of {}/{}: {}", upload.bucket(), upload.key(), upload.why());
      uploads.remove(upload);
    } catch (RuntimeException e) {
      LOG.debug("an abort waits: {}", e.toString());
    }
  }
}
