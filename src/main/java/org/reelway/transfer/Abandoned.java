package org.reelway.transfer;

/** Remembers unfinished uploads of our own that have to be aborted, until the store has taken the abort. */
@FunctionalInterface
public interface Abandoned {
  void abort(String bucket, String key, String uploadId, String why);
}
