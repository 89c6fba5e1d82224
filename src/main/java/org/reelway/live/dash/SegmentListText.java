package org.reelway.live.dash;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.reelway.live.NamedFile;
import org.reelway.live.xml.XmlEdits;

/** Writes a {@code SegmentList} with a timeline, which names each segment by itself. */
final class SegmentListText {
  private final String prefix;
  private final String indent;
  private final Function<NamedFile, String> uris;

  /** @param prefix of element names; @param indent line break and white space before the list */
  SegmentListText(String prefix, String indent, Function<NamedFile, String> uris) {
    this.prefix = prefix;
    this.indent = indent;
    this.uris = uris;
  }

  /** Without a start number, which some players take for an index; the timeline says all. */
  String of(TrackPlan plan, long periodStart) {
    DashTrack track = plan.track();
    StringBuilder text = new StringBuilder("<" + prefix + "SegmentList timescale=\"" + track.timescale() + "\"");
    if (track.offset() != 0) {
      text.append(" presentationTimeOffset=\"").append(track.offset()).append('"');
    }
    text.append('>');
    Optional<DashTrack.Resource> init = track.initialization();
    init.ifPresent(resource -> text.append(initialization(resource, track)));
    String line = indent + "\t";
    text.append(line).append('<').append(prefix).append("SegmentTimeline>");
    text.append(timeline(track, plan.kept(), periodStart, line + "\t", prefix));
    text.append(line).append("</").append(prefix).append("SegmentTimeline>");
    plan.kept().forEach(segment -> text.append(line).append(url(segment.segment(), track.base())));
    return text.append(indent).append("</").append(prefix).append("SegmentList>").toString();
  }

  private String initialization(DashTrack.Resource resource, DashTrack track) {
    StringBuilder text = new StringBuilder(indent + "\t<" + prefix + "Initialization");
    String reference = reference(resource.reference(), resource.named(), track.base());
    if (!reference.isEmpty()) {
      attribute(text, "sourceURL", reference);
    }
    if (resource.range() != null) {
      attribute(text, "range", resource.range());
    }
    return text.append("/>").toString();
  }

  private String url(Segment segment, String base) {
    StringBuilder text = new StringBuilder("<" + prefix + "SegmentURL");
    String reference = reference(segment.reference(), segment.media(), base);
    if (!reference.isEmpty()) {
      attribute(text, "media", reference);
    }
    if (segment.range() != null) {
      attribute(text, "mediaRange", segment.range());
    }
    if (segment.indexRange() != null) {
      attribute(text, "indexRange", segment.indexRange());
    }
    return text.append("/>").toString();
  }

  private static void attribute(StringBuilder text, String name, String value) {
    text.append(' ').append(name).append("=\"").append(XmlEdits.escaped(value)).append('"');
  }

  private String reference(String own, NamedFile named, String base) {
    String uri = uris.apply(named);
    return uri.equals(named.uri()) ? own : relative(uri, base);
  }

  /** A URL of the live folder as a base URL of it wants it. */
  static String relative(String uri, String base) {
    String folder = MpdUrl.folder(base);
    return uri.startsWith(folder) ? uri.substring(folder.length()) : uri;
  }

  /** The entries of a {@code SegmentTimeline}. @param lead white space before each entry; @param prefix of element names */
  static String timeline(DashTrack track, List<PlacedSegment> segments, long periodStart, String lead, String prefix) {
    StringBuilder text = new StringBuilder();
    long next = -1;
    int at = 0;
    while (at < segments.size()) {
      long time = segments.get(at).timeIn(track, periodStart);
      long duration = segments.get(at).durationIn(track);
      int last = at;
      while (last + 1 < segments.size()
          && segments.get(last + 1).durationIn(track) == duration
          && segments.get(last + 1).timeIn(track, periodStart) == time + (last + 1 - at) * duration) {
        last++;
      }
      text.append(lead).append('<').append(prefix).append('S');
      if (time != next) {
        text.append(" t=\"").append(time).append('"');
      }
      text.append(" d=\"").append(duration).append('"');
      if (last > at) {
        text.append(" r=\"").append(last - at).append('"');
      }
      text.append("/>");
      next = time + (last + 1 - at) * duration;
      at = last + 1;
    }
    return text.toString();
  }
}
