package org.reelway.transfer;

import java.util.function.Function;

/** What a bucket's store does; may fail as a store call does. */
@FunctionalInterface
public interface Capabilities extends Function<String, StoreCapabilities> {
  /**
   * The store did not do what was found: it is looked at again before anything more is sent, unless that was done a moment
   * ago.
   *
   * @param why in words, for people
   */
  default void doubt(String bucket, String why) {}
}
