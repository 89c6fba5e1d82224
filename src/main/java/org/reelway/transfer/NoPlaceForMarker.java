package org.reelway.transfer;

import org.reelway.failure.OurFailure;

/** How far an upload in parts is cannot be written anywhere, so that a restart would not find it. */
final class NoPlaceForMarker extends RuntimeException {
  private final OurFailure failure;

  NoPlaceForMarker(OurFailure failure) {
    super(failure);
    this.failure = failure;
  }

  OurFailure failure() {
    return failure;
  }
}
