package org.reelway.state;

/**
 * Keeps book of the multipart uploads that Reelway creates, so that what is ours is known without asking the bucket. It
 * never fails: a transfer goes on without it, for the marker names its upload as well.
 */
public interface UploadLedger {

  /**
   * Called before the store is asked for an upload: one whose answer is lost has no id, and only this tells of it.
   *
   * @param store the store's address
   * @param recordingId null where the upload is no recording's
   * @return names the intent
   */
  String intended(String store, String bucket, String key, String recordingId);

  /** The store refused; nothing was created. */
  void withdrawn(String intent);

  /** Called when the store has named the upload, before anything else is done with it. */
  void begun(String intent, String uploadId);

  /** The upload is complete or aborted, or the store does not know it any more. */
  void ended(String bucket, String key, String uploadId);
}
