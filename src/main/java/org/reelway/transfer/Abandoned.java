package org.reelway.transfer;

import org.reelway.recording.MarkerContent.UploadState;

/** Remembers unfinished uploads of our own that have to be aborted, until the store has taken the abort. */
@FunctionalInterface
public interface Abandoned {
  void abort(String bucket, String key, String uploadId, String why);

  /** The same of one that a marker names. */
  default void abort(UploadState upload, String why) {
    abort(upload.bucket(), upload.key(), upload.uploadId(), why);
  }
}
