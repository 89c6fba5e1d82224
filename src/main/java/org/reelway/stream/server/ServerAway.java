package org.reelway.stream.server;

import org.reelway.failure.DestinationFailure;

/** Nothing listens where the server's API was: it is down. */
public final class ServerAway extends DestinationFailure {
  private static final long serialVersionUID = 1L;

  public ServerAway(String message, Throwable cause) {
    super(message, cause);
  }
}
