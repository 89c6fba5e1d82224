package org.reelway.transfer;

import org.reelway.failure.DestinationFailure;

/** The store took an object and did not encrypt it as it was told: it gets no recording until a probe finds otherwise. */
final class EncryptionIgnored extends DestinationFailure {
  private static final long serialVersionUID = 1L;

  EncryptionIgnored(String message) {
    super(message, null);
  }
}
