package org.reelway.camel;

import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.reelway.failure.ListBound;
import org.reelway.settings.NodeSettings;

/**
 * A part of the program, made from the settings. Fields with {@code @BindToRegistry} are what routes name, and what Camel
 * finds by its type. Features are called in the order in which they are made, and end in the other direction.
 */
abstract class Feature {
  /** Whose work it is: a sidecar without the role neither recovers nor begins it, and has no health of it. Empty: each has it. */
  Optional<NodeSettings.Role> role() {
    return Optional.empty();
  }

  /** Whether it is part of a recording's way into the store, which mixes of the farm go as well. */
  boolean isOfTransfers() {
    return false;
  }

  /** Before Camel is configured; what is annotated is bound by now. */
  void configure(CamelContext camel) {}

  /** No route runs yet, and no request can come. */
  void recover() {}

  /** All routes run. */
  void begin() {}

  /** From now on nothing is begun; returns at once. */
  void drain() {}

  /** Schedules have ended. Folders are still watched: last files get their markers. */
  void endStreams() {}

  /** All routes have ended. */
  void close() {}

  /** Its lists that others can make longer, and that may be full. */
  List<ListBound> bounds() {
    return List.of();
  }
}
