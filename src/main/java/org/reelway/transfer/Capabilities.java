package org.reelway.transfer;

import java.util.function.Function;
import org.reelway.transfer.store.StoreFailure;

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

  /** A write failed: one that is refused for how it was made shows that the store is not what was found. */
  default void failed(String bucket, StoreFailure failure) {
    if (failure.isRefusal()) {
      doubt(bucket, failure.getMessage());
    }
  }
}
