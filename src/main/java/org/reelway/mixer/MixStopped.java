package org.reelway.mixer;

import org.reelway.failure.OurFailure;

/** A mix that was ended before it was whole, and can be begun anew; what was written of it is playable. */
public final class MixStopped extends OurFailure {
  private static final long serialVersionUID = 1;

  /** Why. */
  public enum Reason {
    /** Less space is free than has to be. */
    NO_ROOM,
    /** Somebody wanted it. */
    CANCELLED
  }

  private final Reason reason;

  MixStopped(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
