package org.reelway.live.hls;

import org.reelway.live.NamedFile;

/**
 * What a tag names.
 *
 * @param line of the tag among its segment's lines, from 0
 * @param named null for a key that ends encryption
 */
record HlsResource(int line, Kind kind, NamedFile named) {
  enum Kind {
    /** Needed by all segments until the next one. */
    MAP,
    /** As a map. */
    KEY,
    /** A piece of the segment itself. */
    PART,
    /** A word about what is not there yet. */
    HINT
  }
}
