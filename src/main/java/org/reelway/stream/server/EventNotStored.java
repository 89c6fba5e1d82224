package org.reelway.stream.server;

import org.reelway.failure.NotNow;

/** An event could not be stored, so nobody may be told that it was taken; it may be sent again. */
public final class EventNotStored extends NotNow {
  private static final long serialVersionUID = 1L;

  EventNotStored(String message, Throwable cause) {
    super(message, cause);
  }
}
