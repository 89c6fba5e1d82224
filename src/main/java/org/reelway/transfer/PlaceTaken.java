package org.reelway.transfer;

/** Another object appeared at the key in the meantime: choose again. */
final class PlaceTaken extends RuntimeException {
  PlaceTaken(Throwable cause) {
    super("another object appeared at the key", cause);
  }
}
