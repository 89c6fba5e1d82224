package org.reelway.live;

import java.nio.file.Path;

/** Where a URI in a playlist leads. */
sealed interface Target {
  /** Another host's, or no file at all: left as it is, and not waited for. */
  record Elsewhere() implements Target {}

  /** @param key of its object */
  record File(Path file, String key) implements Target {}
}
