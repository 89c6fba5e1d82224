package org.reelway.live;

import java.nio.file.Path;

/** Where a URI in a playlist leads. */
sealed interface Target {
  /** Another host's, or no file at all: left as it is, and not waited for. */
  record Elsewhere() implements Target {}

  /**
   * @param key of its object
   * @param uri by which players find it, where the playlist's own leads them elsewhere; else null
   */
  record File(Path file, String key, String uri) implements Target {}
}
