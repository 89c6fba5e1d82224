package org.reelway.live.hls;

import java.util.List;
import org.reelway.live.NamedFile;

/**
 * A segment with the tags in front of it.
 *
 * @param lines with endings; the last one is the URI
 * @param media the segment itself
 */
record HlsSegment(
    List<String> lines, NamedFile media, List<HlsResource> resources, boolean discontinuity, boolean gap) {

  HlsSegment {
    lines = List.copyOf(lines);
    resources = List.copyOf(resources);
  }
}
