package org.reelway.transfer;

import org.reelway.failure.DestinationFailure;

/** A store whose ETags were seen to be MD5s shows another one: the object is another, or the store encrypts since then. */
final class OtherEtag extends DestinationFailure {
  private static final long serialVersionUID = 1L;

  OtherEtag(String message) {
    super(message, null);
  }
}
