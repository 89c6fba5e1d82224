package org.reelway.live.hls;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reelway.live.NamedFile;

/**
 * A media playlist, whole, in its lines.
 *
 * @param head up to the first segment's first tag
 * @param tail behind the last segment: parts of the next one, hints, the end
 * @param tailResources by lines of the tail
 * @param first media sequence number of the first segment
 * @param discontinuities the discontinuity sequence number
 * @param target seconds, rounded up
 * @param variables by name; references to them are still in the lines
 */
record HlsMedia(
    List<String> head,
    List<HlsSegment> segments,
    List<String> tail,
    List<HlsResource> tailResources,
    long first,
    long discontinuities,
    long target,
    boolean event,
    boolean ended,
    Map<String, String> variables) {

  /** One less than {@link #first} where there is no segment. */
  long last() {
    return first + segments.size() - 1;
  }

  Optional<HlsSegment> at(long sequence) {
    return sequence < first || sequence > last()
        ? Optional.empty()
        : Optional.of(segments.get((int) (sequence - first)));
  }

  /** The discontinuity sequence number of a segment, its own tag counted. */
  long discontinuityOf(int index) {
    return discontinuities + segments.subList(0, index + 1).stream().filter(HlsSegment::discontinuity).count();
  }

  /** The lines of the map and the keys that hold at the start of a segment, from those before it. */
  List<String> inForce(int index) {
    String map = null;
    List<String> keys = new ArrayList<>();
    for (HlsSegment segment : segments.subList(0, index)) {
      boolean first = true;
      for (HlsResource resource : segment.resources()) {
        String line = segment.lines().get(resource.line());
        if (resource.kind() == HlsResource.Kind.MAP) {
          map = line;
        } else if (resource.kind() == HlsResource.Kind.KEY) {
          if (first) {
            keys.clear();
          }
          first = false;
          if (resource.named() != null) {
            keys.add(line);
          }
        }
      }
    }
    List<String> lines = new ArrayList<>(keys);
    if (map != null) {
      lines.add(map);
    }
    return lines;
  }

  /** The line with the variables' values in the place of references. */
  String resolved(String line) {
    return variables.isEmpty() || line.indexOf("{$") < 0 ? line : HlsVariables.of(variables).resolve(line);
  }

  /** All that is named, in the order of playing; what is named as missing or not yet there is left out. */
  List<NamedFile> names() {
    List<NamedFile> names = new ArrayList<>();
    for (HlsSegment segment : segments) {
      add(segment.resources(), names);
      if (!segment.gap()) {
        names.add(segment.media());
      }
    }
    add(tailResources, names);
    return names;
  }

  private static void add(List<HlsResource> resources, List<NamedFile> names) {
    for (HlsResource resource : resources) {
      if (resource.named() != null && resource.kind() != HlsResource.Kind.HINT) {
        names.add(resource.named());
      }
    }
  }
}
