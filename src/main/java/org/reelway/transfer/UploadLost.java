package org.reelway.transfer;

/** The store does not know the upload (any more), or knows it wrongly: a new one is begun. */
final class UploadLost extends RuntimeException {
  UploadLost(String message, Throwable cause) {
    super(message, cause);
  }
}
