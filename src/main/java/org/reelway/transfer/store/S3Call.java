package org.reelway.transfer.store;

import java.util.Set;

/**
 * A call, as messages about it want it told.
 *
 * @param key null for calls on the bucket
 * @param askedBy the settings (last words of their names) that a refusal may be about
 */
record S3Call(String method, String bucket, String key, Set<String> askedBy) {
  S3Call(String method, String bucket, String key) {
    this(method, bucket, key, Set.of());
  }

  /** Its answers have no text: a 404 can only mean the bucket. */
  boolean isBucketHead() {
    return method.equals("HEAD") && key == null;
  }
}
