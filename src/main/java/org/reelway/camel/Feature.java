package org.reelway.camel;

import java.util.List;
import org.apache.camel.CamelContext;
import org.reelway.failure.ListBound;

/**
 * A part of the program, made from the settings. Fields with {@code @BindToRegistry} are what routes name, and what Camel
 * finds by its type. Features are called in the order in which they are made, and end in the other direction.
 */
abstract class Feature {
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
