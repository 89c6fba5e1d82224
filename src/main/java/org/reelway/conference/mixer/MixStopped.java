package org.reelway.conference.mixer;

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
  private final long needed;

  MixStopped(Reason reason, String message, long needed) {
    super(message);
    this.reason = reason;
    this.needed = needed;
  }

  /** Bytes that the whole mix takes while it is made, as far as what was written of it tells; 0 where nobody knows. */
  public long needed() {
    return needed;
  }

  public Reason reason() {
    return reason;
  }
}
