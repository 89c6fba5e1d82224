package org.reelway.live.hls;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.reelway.live.NamedFile;
import org.reelway.live.Presence;
import org.reelway.live.Presence.State;

/**
 * Writes one version of a media playlist: the media server's own lines, but for what is not there, numbers that must not
 * go back, and promises that only a server could keep (blocking reloads and delta updates).
 */
final class HlsVersion {
  private static final Set<String> SERVER_ONLY =
      Set.of("CAN-BLOCK-RELOAD", "CAN-SKIP-UNTIL", "CAN-SKIP-DATERANGES");

  private final HlsMedia media;
  private final HlsMemo memo;
  private final Presence presence;
  private final boolean[] gaps;
  private final int ready;
  private final HlsMedia old;
  private final List<HlsSegment> carried;

  /** @param old null for nothing; @param ready segments that are published, from the first one, at least one */
  HlsVersion(HlsMedia media, HlsMedia old, HlsMemo memo, Presence presence, boolean[] gaps, int ready) {
    this.media = media;
    this.old = old;
    this.memo = memo;
    this.presence = presence;
    this.gaps = gaps;
    this.ready = ready;
    this.carried = carried();
  }

  /** Segments of the run before, which players may still be at: so many that the list is as long as it was. */
  private List<HlsSegment> carried() {
    if (old == null || memo.isNone() || media.first() + memo.shift() != memo.run() || old.first() >= memo.run()) {
      return List.of();
    }
    int there = (int) Math.min(old.segments().size(), memo.run() - old.first());
    int count = media.event() ? there : Math.min(there, Math.max(0, memo.window() - ready));
    boolean mapWouldStay = !old.inForce(there).stream().allMatch(line -> HlsLines.is(line, "#EXT-X-KEY"))
        && !has(media.segments().get(0), HlsResource.Kind.MAP);
    // What was written with other values would lead elsewhere.
    return mapWouldStay || !old.variables().equals(media.variables()) ? List.of() : old.segments().subList(there - count, there);
  }

  HlsPublished published() {
    List<String> lines = new ArrayList<>();
    writeHead(lines);
    writeCarried(lines);
    for (int i = 0; i < ready; i++) {
      writeSegment(i, lines);
    }
    if (ready == media.segments().size()) {
      writeTail(lines);
    }
    return HlsPublished.of(lines, memo);
  }

  private void writeHead(List<String> lines) {
    long first = media.first() + memo.shift() - carried.size();
    long discontinuities = discontinuities();
    boolean hasFirst = false;
    boolean hasDiscontinuities = false;
    for (String line : media.head()) {
      if (HlsLines.is(line, "#EXT-X-MEDIA-SEQUENCE")) {
        hasFirst = true;
        lines.add(first == media.first() ? line : HlsLines.with(line, "#EXT-X-MEDIA-SEQUENCE:" + first));
      } else if (HlsLines.is(line, "#EXT-X-DISCONTINUITY-SEQUENCE")) {
        hasDiscontinuities = true;
        lines.add(
            discontinuities == media.discontinuities()
                ? line
                : HlsLines.with(line, "#EXT-X-DISCONTINUITY-SEQUENCE:" + discontinuities));
      } else if (HlsLines.is(line, "#EXT-X-TARGETDURATION") && !carried.isEmpty() && old.target() > media.target()) {
        lines.add(HlsLines.with(line, "#EXT-X-TARGETDURATION:" + old.target()));
      } else if (HlsLines.is(line, "#EXT-X-SERVER-CONTROL")) {
        serverControl(line).ifPresent(lines::add);
      } else {
        lines.add(line);
      }
    }
    if (!hasFirst && first != 0) {
      lines.add(HlsLines.with(lines.get(0), "#EXT-X-MEDIA-SEQUENCE:" + first));
    }
    if (!hasDiscontinuities && discontinuities != 0) {
      lines.add(HlsLines.with(lines.get(0), "#EXT-X-DISCONTINUITY-SEQUENCE:" + discontinuities));
    }
  }

  private static Optional<String> serverControl(String line) {
    HlsAttributes attributes = HlsAttributes.of(line);
    boolean promises = SERVER_ONLY.stream().anyMatch(name -> attributes.get(name).isPresent());
    return promises ? attributes.without(SERVER_ONLY) : Optional.of(line);
  }

  /** The number in front of the first segment that is listed. */
  private long discontinuities() {
    if (memo.isNone()) {
      return media.discontinuities();
    }
    if (!carried.isEmpty()) {
      int index = (int) (memo.run() - old.first()) - carried.size();
      return old.discontinuityOf(index) - (carried.get(0).discontinuity() ? 1 : 0);
    }
    boolean ownTag = media.segments().get(0).discontinuity();
    long number = media.discontinuities() + (ownTag ? 1 : 0) + memo.discontinuities();
    return number - (ownTag || isFirstOfRun() ? 1 : 0);
  }

  private boolean isFirstOfRun() {
    return !memo.isNone() && media.first() + memo.shift() == memo.run();
  }

  private void writeCarried(List<String> lines) {
    if (carried.isEmpty()) {
      return;
    }
    int index = (int) (memo.run() - old.first()) - carried.size();
    for (String line : old.inForce(index)) {
      HlsResource.Kind kind = HlsLines.is(line, "#EXT-X-MAP") ? HlsResource.Kind.MAP : HlsResource.Kind.KEY;
      if (!has(carried.get(0), kind)) {
        lines.add(line);
      }
    }
    carried.forEach(segment -> lines.addAll(segment.lines()));
  }

  private void writeSegment(int index, List<String> lines) {
    HlsSegment segment = media.segments().get(index);
    if (index == 0 && isFirstOfRun()) {
      String ending = segment.lines().get(0);
      if (!segment.discontinuity()) {
        lines.add(HlsLines.with(ending, "#EXT-X-DISCONTINUITY"));
      }
      boolean keyWouldStay = !carried.isEmpty()
          && old.inForce((int) (memo.run() - old.first())).stream().anyMatch(line -> HlsLines.is(line, "#EXT-X-KEY"))
          && !has(segment, HlsResource.Kind.KEY);
      if (keyWouldStay) {
        lines.add(HlsLines.with(ending, "#EXT-X-KEY:METHOD=NONE"));
      }
    }
    int last = segment.lines().size() - 1;
    for (int i = 0; i < last; i++) {
      writeTag(segment.lines().get(i), resourceAt(segment.resources(), i), lines);
    }
    String uri = segment.lines().get(last);
    if (gaps[index] && !segment.gap()) {
      lines.add(HlsLines.with(uri, "#EXT-X-GAP"));
    }
    lines.add(gaps[index] ? uri : renamed(uri, segment.media()));
  }

  static boolean has(HlsSegment segment, HlsResource.Kind kind) {
    return segment.resources().stream().anyMatch(resource -> resource.kind() == kind);
  }

  private static HlsResource resourceAt(List<HlsResource> resources, int line) {
    return resources.stream().filter(resource -> resource.line() == line).findFirst().orElse(null);
  }

  /** A tag that names what is not there is left out: a part of a whole segment, or a map that is lost with its segments. */
  private void writeTag(String line, HlsResource resource, List<String> lines) {
    if (resource == null || resource.named() == null) {
      lines.add(line);
    } else if (resource.kind() != HlsResource.Kind.HINT && presence.of(resource.named()) == State.THERE) {
      String uri = presence.uri(resource.named());
      lines.add(
          uri.equals(resource.named().uri()) ? line : HlsAttributes.of(line).with("URI", HlsLines.raw(uri)));
    }
  }

  private String renamed(String line, NamedFile named) {
    String uri = presence.uri(named);
    return uri.equals(named.uri()) ? line : HlsLines.with(line, HlsLines.raw(uri));
  }

  private void writeTail(List<String> lines) {
    for (int i = 0; i < media.tail().size(); i++) {
      String line = media.tail().get(i);
      HlsResource resource = resourceAt(media.tailResources(), i);
      boolean names =
          resource != null && resource.named() != null && resource.kind() != HlsResource.Kind.HINT;
      if (names && presence.of(resource.named()) == State.AWAITED) {
        return;
      }
      // A report of another playlist's newest segment knows nothing of shifted numbers.
      if (!HlsLines.is(line, "#EXT-X-RENDITION-REPORT") || memo.isNone()) {
        writeTag(line, resource, lines);
      }
    }
  }
}
