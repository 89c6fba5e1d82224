package org.reelway.transfer;

/** Which unfinished uploads this Reelway began itself: a marker can name any, and whoever may write the folder writes it. */
@FunctionalInterface
public interface OwnUploads {
  boolean isOurs(String bucket, String key, String uploadId);
}
