package org.reelway.live.hls;

import java.util.ArrayList;
import java.util.List;
import org.reelway.live.NamedFile;

/** The playlist of all segments that were ever published: it only grows, and is a VOD when the stream has ended. */
final class HlsArchive {
  private HlsArchive() {}

  /**
   * @param archive null for nothing yet; its memo tells what its numbers are ahead of the live playlist's
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
    int known = known(archive, live);
    if (known < live.segments().size()) {
      writeSeam(archive, live, known, lines);
      // Values may change from one version to another: the complete playlist has none, and no references.
      live.segments().subList(known, live.segments().size()).stream()
          .flatMap(segment -> segment.lines().stream())
          .map(live::resolved)
          .forEach(lines::add);
    }
    if (end) {
      lines.add("#EXT-X-ENDLIST\n");
    }
    return HlsPublished.of(lines, memo(archive, live, known));
  }

  /**
   * How many of the live segments, from the first one, the archive has. Numbers count where they lead to the same
   * segments; else its last segment is looked for: what nobody sent in an outage has no number in the archive.
   */
  static int known(HlsPublished archive, HlsMedia live) {
    if (archive == null || archive.media().segments().isEmpty()) {
      return 0;
    }
    HlsMedia old = archive.media();
    List<HlsSegment> now = live.segments();
    long shift = archive.memory().shift();
    for (int i = 0; i < now.size(); i++) {
      NamedFile media = now.get(i).media();
      if (old.at(live.first() + shift + i).filter(segment -> segment.media().equals(media)).isPresent()) {
        return (int) Math.min(now.size(), old.last() - shift - live.first() + 1);
      }
    }
    NamedFile last = old.segments().get(old.segments().size() - 1).media();
    return now.stream().map(HlsSegment::media).toList().lastIndexOf(last) + 1;
  }

  private static HlsMemo memo(HlsPublished archive, HlsMedia live, int known) {
    if (archive == null || known == live.segments().size()) {
      return archive == null ? HlsMemo.NONE : archive.memory();
    }
    long behind = archive.media().last() + 1;
    long shift = behind - live.first() - known;
    return shift == archive.memory().shift() ? archive.memory() : new HlsMemo(shift, behind, 0, 0);
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
  private static void writeSeam(HlsPublished archive, HlsMedia live, int index, List<String> lines) {
    HlsMedia old = archive == null ? null : archive.media();
    List<String> before = old == null ? List.of() : old.inForce(old.segments().size());
    List<String> now = live.inForce(index).stream().map(live::resolved).toList();
    HlsSegment next = live.segments().get(index);
    boolean follows =
        old == null || index > 0 || live.first() + archive.memory().shift() == old.last() + 1;
    if (!follows && !next.discontinuity()) {
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
