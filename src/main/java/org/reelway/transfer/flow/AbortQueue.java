package org.reelway.transfer.flow;

import org.reelway.failure.Failure;
import org.reelway.state.AbandonedUploads;
import org.reelway.transfer.Abandoned;
import org.reelway.transfer.OwnUploads;
import org.reelway.transfer.UploadPresence;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Aborts unfinished uploads of our own: noted durably first, done when the store takes it. */
public final class AbortQueue implements Abandoned {
  private static final Logger LOG = LoggerFactory.getLogger(AbortQueue.class);

  private final Store store;
  private final AbandonedUploads uploads;
  private final OwnUploads own;

  /** @param own what may be aborted; nothing else ever is, whoever asks for it */
  public AbortQueue(Store store, AbandonedUploads uploads, OwnUploads own) {
    this.own = own;
    this.store = store;
    this.uploads = uploads;
  }

  @Override
  public void abort(String bucket, String key, String uploadId, String why) {
    if (!isOurs(bucket, key, uploadId)) {
      leaveAlone(bucket, key, uploadId, why);
      return;
    }
    AbandonedUploads.Upload upload = new AbandonedUploads.Upload(bucket, key, uploadId, why);
    try {
      uploads.add(upload);
    } catch (RuntimeException e) {
      LOG.error(
          "the upload {} of {}/{} is to be aborted but that cannot be noted: {}", uploadId, bucket, key, e.toString());
    }
    abort(upload);
  }

  private void leaveAlone(String bucket, String key, String uploadId, String why) {
    if (hasParts(bucket, key, uploadId)) {
      LOG.warn(
          "the unfinished upload {} of {}/{} is left alone ({}): this Reelway's state does not know it as begun by itself;"
              + " the bucket's lifecycle rule, or whoever began it, ends it",
          uploadId,
          bucket,
          key,
          why);
    }
  }

  /** One that was completed, or is empty, costs nobody anything: there is nothing to say of it. */
  private boolean hasParts(String bucket, String key, String uploadId) {
    try {
      return !store.listParts(bucket, key, uploadId).isEmpty();
    } catch (StoreFailure e) {
      return !e.isNotFound();
    }
  }

  private boolean isOurs(String bucket, String key, String uploadId) {
    try {
      return own.isOurs(bucket, key, uploadId);
    } catch (RuntimeException unknown) {
      LOG.debug("{}", unknown.toString());
      return false;
    }
  }

  /** Aborts what waits; what the store does not take now stays for the next time, and keeps no other from its turn. */
  public void work() {
    try {
      uploads.all().forEach(this::abort);
    } catch (RuntimeException e) {
      LOG.warn("the uploads that wait for their abort cannot be read: {}", Failure.rootOf(e));
    }
  }

  private void abort(AbandonedUploads.Upload upload) {
    try {
      new UploadPresence(store, upload.bucket(), upload.key(), upload.uploadId()).abort();
      LOG.info("aborted our unfinished upload of {}/{}: {}", upload.bucket(), upload.key(), upload.why());
      uploads.remove(upload);
    } catch (RuntimeException e) {
      LOG.debug("an abort waits: {}", e.toString());
    }
  }
}
