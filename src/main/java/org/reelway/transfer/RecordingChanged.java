package org.reelway.transfer;

import org.reelway.failure.InputFailure;

/** The file is not the one that the transfer began with: it grew, shrank, was replaced or is gone. */
public final class RecordingChanged extends InputFailure {
  public RecordingChanged(String message) {
    super(message);
  }
}
