package org.reelway.stream.server;

import java.util.List;

/** A media server's API, as far as it tells which streams are on. */
@FunctionalInterface
public interface ServerListing {
  /**
   * All streams that are on now; {@code since} in the details where the server tells it.
   *
   * @throws ServerAway where nothing listens there
   * @throws org.reelway.failure.DestinationFailure where it answers otherwise than it should
   */
  List<StreamFacts> live();

  /** How the answers show this name, where they cannot show all letters. */
  default String shown(String name) {
    return name;
  }

  /** Whether a name that the answers show can be the whole name, so that it may be used where nothing else tells it. */
  default boolean isLegible(String shown) {
    return true;
  }
}
