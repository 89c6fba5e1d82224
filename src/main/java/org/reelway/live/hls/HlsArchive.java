package org.reelway.live.hls;

import java.util.ArrayList;
import java.util.List;

/** The playlist of all segments that were ever published: it only grows, and is a VOD when the stream has ended. */
final class HlsArchive {
  private HlsArchive() {}

  /**
   * @param archive null for nothing yet
   * @param live whose segments behind those of the archive are added
   * @param end whether nothing follows
   */
  static HlsPublished of(HlsPublished archive, HlsMedia live, boolean end) {
    HlsMedia old = archive == null ? null : archive.media();
    List<String> lines = new ArrayList<>();
    writeHead(old, live, end, lines);
    if (old != null) {
      old.segments().forEach(segment -> lines.addAll(segment.lines()));
    }
    long from = old == null ? live.first() : Math.max(live.first(), old.last() + 1);
    if (from <= live.last()) {
      int index = (int) (from - live.first());
      writeSeam(old, live, index, lines);
      // Values may change from one version to another: the complete playlist has none, and no references.
      live.segments().subList(index, live.segments().size()).stream()
          .flatMap(segment -> segment.lines().stream())
          .map(live::resolved)
          .forEach(lines::add);
    }
    if (end) {
      lines.add("#EXT-X-ENDLIST\n");
    }
    return HlsPublished.of(lines, HlsMemo.NONE);
  }

  private static void writeHead(HlsMedia old, HlsMedia live, boolean end, List<String> lines) {
    HlsMedia first = old == null ? live : old;
    for (String line : live.head()) {
      if (HlsLines.is(line, "#EXT-X-TARGETDURATION")) {
        long target = Math.max(live.target(), first.target());
        lines.add(target == live.target() ? line : HlsLines.with(line, "#EXT-X-TARGETDURATION:" + target));
      } else if (!HlsLines.is(line, "#EXT-X-MEDIA-SEQUENCE")
          && !HlsLines.is(line, "#EXT-X-DISCONTINUITY-SEQUENCE")
          && !HlsLines.is(line, HlsVariables.TAG)
          && !HlsLines.is(line, "#EXT-X-PLAYLIST-TYPE")) {
        lines.add(line);
      }
    }
    lines.add("#EXT-X-PLAYLIST-TYPE:" + (end ? "VOD" : "EVENT") + "\n");
    lines.add("#EXT-X-MEDIA-SEQUENCE:" + first.first() + "\n");
    if (first.discontinuities() > 0) {
      lines.add("#EXT-X-DISCONTINUITY-SEQUENCE:" + first.discontinuities() + "\n");
    }
  }

  /** What holds at the first new segment, where it does not hold at the end of the archive. */
  private static void writeSeam(HlsMedia old, HlsMedia live, int index, List<String> lines) {
    List<String> before = old == null ? List.of() : old.inForce(old.segments().size());
    List<String> now = live.inForce(index).stream().map(live::resolved).toList();
    HlsSegment next = live.segments().get(index);
    if (old != null && live.first() > old.last() + 1 && !next.discontinuity()) {
      lines.add("#EXT-X-DISCONTINUITY\n");
    }
    boolean hadKey = before.stream().anyMatch(line -> HlsLines.is(line, "#EXT-X-KEY"));
    boolean hasKey = now.stream().anyMatch(line -> HlsLines.is(line, "#EXT-X-KEY"));
    if (hadKey && !hasKey && !HlsVersion.has(next, HlsResource.Kind.KEY)) {
      lines.add("#EXT-X-KEY:METHOD=NONE\n");
    }
    for (String line : now) {
      HlsResource.Kind kind = HlsLines.is(line, "#EXT-X-MAP") ? HlsResource.Kind.MAP : HlsResource.Kind.KEY;
      if (!before.contains(line) && !HlsVersion.has(next, kind)) {
        lines.add(line);
      }
    }
  }
}
