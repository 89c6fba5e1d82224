package org.reelway.stream.server;

import org.reelway.failure.OurFailure;

/** An event could not be stored, so nobody may be told that it was taken; it may be sent again. */
public final class EventNotStored extends OurFailure {
  private static final long serialVersionUID = 1L;

  EventNotStored(String message, Throwable cause) {
    super(message, cause);
  }
}
