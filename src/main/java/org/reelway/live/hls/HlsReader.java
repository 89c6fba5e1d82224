package org.reelway.live.hls;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.reelway.failure.InputFailure;
import org.reelway.live.NamedFile;

/** Reads a media playlist line by line. Unknown tags belong to the segment that they stand in front of. */
final class HlsReader {
  private static final Set<String> HEAD_TAGS =
      Set.of(
          "#EXTM3U", "#EXT-X-VERSION", "#EXT-X-TARGETDURATION", "#EXT-X-MEDIA-SEQUENCE",
          "#EXT-X-DISCONTINUITY-SEQUENCE", "#EXT-X-PLAYLIST-TYPE", "#EXT-X-I-FRAMES-ONLY",
          "#EXT-X-INDEPENDENT-SEGMENTS", "#EXT-X-START", "#EXT-X-SERVER-CONTROL", "#EXT-X-PART-INF",
          "#EXT-X-DEFINE", "#EXT-X-ALLOW-CACHE", "#EXT-X-IMAGES-ONLY");

  private final List<String> head = new ArrayList<>();
  private final List<HlsSegment> segments = new ArrayList<>();
  private final HlsVariables variables = new HlsVariables();
  private final Map<String, Long> rangeEnds = new HashMap<>();
  private List<String> lines = new ArrayList<>();
  private List<HlsResource> resources = new ArrayList<>();
  private String byteRange;
  private boolean discontinuity;
  private boolean gap;
  private boolean inHead = true;
  private long first;
  private long discontinuities;
  private long target;
  private boolean event;
  private boolean ended;

  static HlsMedia read(List<String> lines) {
    HlsReader reader = new HlsReader();
    lines.forEach(reader::take);
    return new HlsMedia(
        List.copyOf(reader.head), List.copyOf(reader.segments), List.copyOf(reader.lines),
        List.copyOf(reader.resources), reader.first, reader.discontinuities, reader.target, reader.event,
        reader.ended, reader.variables.values());
  }

  private void take(String line) {
    String tag = tag(line);
    if (HEAD_TAGS.contains(tag)) {
      takeHead(tag, line);
    }
    if (inHead && (HlsLines.isIdle(line) || HEAD_TAGS.contains(tag))) {
      head.add(line);
      return;
    }
    inHead = false;
    lines.add(line);
    if (!line.startsWith("#") && !HlsLines.isIdle(line)) {
      end(line);
    } else {
      takeTag(tag, line);
    }
  }

  private static String tag(String line) {
    if (!HlsLines.isTag(line)) {
      return "";
    }
    String content = HlsLines.content(line);
    int colon = content.indexOf(':');
    return (colon < 0 ? content : content.substring(0, colon)).strip();
  }

  private void takeHead(String tag, String line) {
    switch (tag) {
      case "#EXT-X-MEDIA-SEQUENCE" -> {
        if (!inHead) {
          throw new InputFailure("#EXT-X-MEDIA-SEQUENCE stands behind the first segment; it belongs in front of it");
        }
        first = number(line);
      }
      case HlsVariables.TAG -> {
        if (!inHead) {
          throw new InputFailure("#EXT-X-DEFINE stands behind the first segment's tags; it belongs in front of them");
        }
        variables.define(line);
      }
      case "#EXT-X-DISCONTINUITY-SEQUENCE" -> discontinuities = number(line);
      case "#EXT-X-TARGETDURATION" -> target = (long) Math.ceil(seconds(line));
      case "#EXT-X-PLAYLIST-TYPE" -> event = !HlsLines.value(line).isEmpty();
      default -> { }
    }
  }

  private void takeTag(String tag, String line) {
    switch (tag) {
      case "#EXT-X-DISCONTINUITY" -> discontinuity = true;
      case "#EXT-X-GAP" -> gap = true;
      case "#EXT-X-ENDLIST" -> ended = true;
      case "#EXT-X-BYTERANGE" -> byteRange = HlsLines.value(line);
      case "#EXT-X-MAP" -> resource(HlsResource.Kind.MAP, line);
      case "#EXT-X-PART" -> resource(HlsResource.Kind.PART, line);
      case "#EXT-X-PRELOAD-HINT" -> resource(HlsResource.Kind.HINT, line);
      case "#EXT-X-KEY" -> key(line);
      case "#EXT-X-SKIP" -> throw new InputFailure("#EXT-X-SKIP: this is a part of a playlist, as only a server gives it");
      default -> { }
    }
  }

  private void key(String line) {
    if ("NONE".equals(HlsAttributes.of(line).get("METHOD").orElse(""))) {
      resources.add(new HlsResource(lines.size() - 1, HlsResource.Kind.KEY, null));
    } else {
      resource(HlsResource.Kind.KEY, line);
    }
  }

  private void resource(HlsResource.Kind kind, String line) {
    HlsAttributes attributes = HlsAttributes.of(line);
    String uri =
        attributes.get("URI").map(variables::resolve).map(HlsLines::uri)
            .orElseThrow(() -> new InputFailure("\"" + HlsLines.content(line) + "\" has no URI"));
    String range = attributes.get("BYTERANGE").map(variables::resolve).orElse(null);
    NamedFile named = kind == HlsResource.Kind.HINT ? NamedFile.whole(uri) : ranged(uri, range);
    resources.add(new HlsResource(lines.size() - 1, kind, named));
  }

  private void end(String line) {
    NamedFile media = ranged(HlsLines.uri(variables.resolve(HlsLines.content(line).strip())), byteRange);
    segments.add(new HlsSegment(lines, media, resources, discontinuity, gap));
    lines = new ArrayList<>();
    resources = new ArrayList<>();
    byteRange = null;
    discontinuity = false;
    gap = false;
  }

  /** @param range {@code length[@offset]}; without offset it follows the one before; null for the whole */
  private NamedFile ranged(String uri, String range) {
    if (range == null) {
      return NamedFile.whole(uri);
    }
    String[] parts = range.split("@", 2);
    try {
      long offset = parts.length > 1 ? Long.parseLong(parts[1].strip()) : rangeEnds.getOrDefault(uri, 0L);
      long end = Math.addExact(offset, Long.parseLong(parts[0].strip()));
      if (offset < 0 || end < offset) {
        throw new NumberFormatException(range);
      }
      rangeEnds.put(uri, end);
      return new NamedFile(uri, end, false);
    } catch (NumberFormatException | ArithmeticException e) {
      throw new InputFailure("\"" + range + "\" is no byte range of " + uri + "; allowed is LENGTH@OFFSET", e);
    }
  }

  private static long number(String line) {
    try {
      long value = Long.parseLong(HlsLines.value(line));
      if (value >= 0 && value < 1L << 53) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new InputFailure("\"" + HlsLines.content(line) + "\" has no whole number from 0 to 2^53");
  }

  private static double seconds(String line) {
    try {
      double value = Double.parseDouble(HlsLines.value(line));
      if (value >= 0 && value < 1e6) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new InputFailure("\"" + HlsLines.content(line) + "\" has no number of seconds");
  }
}
