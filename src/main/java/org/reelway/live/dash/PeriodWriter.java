package org.reelway.live.dash;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.reelway.live.NamedFile;
import org.reelway.live.xml.XmlEdits;
import org.reelway.live.xml.XmlElement;

/**
 * Changes one period's text so that it names what is published and nothing else. The mildest way that does is taken: a
 * shorter timeline; a timeline in place of a duration; a list of segments in place of a template, which alone can name
 * files whose numbers have holes or whose names are taken.
 */
final class PeriodWriter {
  private final XmlEdits edits;
  private final PeriodPlan plan;
  private final Function<NamedFile, String> uris;

  /** @param uris by which players find what is named */
  PeriodWriter(XmlEdits edits, PeriodPlan plan, Function<NamedFile, String> uris) {
    this.edits = edits;
    this.plan = plan;
    this.uris = uris;
  }

  void write() {
    if (plan.id() != null) {
      edits.set(plan.period().element(), "id", plan.id());
    }
    if (plan.start() != plan.period().start()) {
      edits.set(plan.period().element(), "start", MpdTime.duration(plan.start()));
    }
    leaveOut();
    List<TrackPlan> named = plan.tracks().stream().filter(track -> !track.leftOut()).toList();
    List<TrackPlan> segmented =
        named.stream().filter(track -> track.track().addressing() != DashTrack.Addressing.FILE).toList();
    named.stream().filter(track -> track.track().addressing() == DashTrack.Addressing.FILE).forEach(this::renameFile);
    if (segmented.stream().anyMatch(this::needsList)) {
      segmented.forEach(this::writeList);
    } else {
      segmented.stream().filter(track -> !isAsWritten(track)).forEach(this::writeTimeline);
    }
  }

  private void leaveOut() {
    for (XmlElement set : plan.period().element().children("AdaptationSet").toList()) {
      List<TrackPlan> own = plan.tracks().stream().filter(track -> track.track().element().parent() == set).toList();
      if (!own.isEmpty() && own.stream().allMatch(TrackPlan::leftOut)) {
        edits.remove(set);
      } else {
        own.stream().filter(TrackPlan::leftOut).forEach(track -> edits.remove(track.track().element()));
      }
    }
  }

  private boolean isAsWritten(TrackPlan track) {
    return track.isAsWritten() && track.kept().stream().allMatch(segment -> segment.start() == plan.start());
  }

  private boolean needsList(TrackPlan track) {
    Stream<NamedFile> names =
        Stream.concat(
            track.track().resources().stream().map(Resource::named),
            track.kept().stream()
                .flatMap(segment -> Stream.of(segment.segment().media(), segment.segment().index()))
                .filter(Objects::nonNull));
    if (names.anyMatch(named -> !uris.apply(named).equals(named.uri()))) {
      return true;
    }
    return !isAsWritten(track) && !canBeCut(track) && !fitsTemplate(track);
  }

  /** Whether it is enough to leave out the last ones. */
  private boolean canBeCut(TrackPlan track) {
    boolean plain =
        track.track().timeline().stream()
            .flatMap(timeline -> timeline.children("S"))
            .noneMatch(entry -> entry.get("r").filter(repeats -> repeats.strip().startsWith("-")).isPresent());
    return plain && track.track().open() == null && track.isPrefix();
  }

  /** Whether the template gives the names of just these segments by their times, or by numbers without holes. */
  private boolean fitsTemplate(TrackPlan track) {
    UrlTemplate template = track.track().template();
    if (template == null || track.kept().isEmpty()) {
      return false;
    }
    long number = track.kept().get(0).segment().number();
    for (PlacedSegment placed : track.kept()) {
      Segment segment = placed.segment();
      boolean sameTime = placed.timeIn(track.track(), plan.start()) == segment.time();
      boolean counted = template.isByTime() || segment.number() == number++;
      if (!sameTime || !counted || !template.reference(segment.number(), segment.time()).equals(segment.reference())) {
        return false;
      }
    }
    return true;
  }

  private void writeTimeline(TrackPlan track) {
    if (canBeCut(track)) {
      cut(track);
      return;
    }
    DashTrack origin = track.track();
    XmlElement clock = origin.clock();
    String entries = TimelineText.of(origin, track.kept(), plan.start(), edits.indent(clock) + "\t\t", prefix(clock));
    if (origin.timeline().isPresent()) {
      XmlElement timeline = origin.timeline().get();
      edits.replace(
          timeline.start(), timeline.end(),
          "<" + timeline.qualifiedName() + ">" + entries + edits.indent(timeline) + "</" + timeline.qualifiedName() + ">");
    } else {
      String name = prefix(clock) + "SegmentTimeline";
      edits.append(clock, indent -> indent + "<" + name + ">" + entries + indent + "</" + name + ">");
    }
    for (XmlElement element : origin.chain()) {
      edits.removeAttribute(element, "duration");
      edits.removeAttribute(element, "endNumber");
    }
    XmlElement numbered =
        origin.chain().stream()
            .filter(element -> element.attribute("startNumber").isPresent())
            .reduce((outer, inner) -> inner)
            .orElse(clock);
    long first = track.kept().get(0).segment().number();
    if (first != 1 || numbered.attribute("startNumber").isPresent()) {
      edits.set(numbered, "startNumber", Long.toString(first));
    }
  }

  private static String prefix(XmlElement element) {
    String name = element.qualifiedName();
    return name.substring(0, name.indexOf(':') + 1);
  }

  private void cut(TrackPlan track) {
    int kept = track.kept().size();
    track.track().timeline().ifPresent(timeline -> cutTimeline(timeline, kept));
    if (track.track().addressing() == DashTrack.Addressing.LIST) {
      for (XmlElement list : track.track().chain()) {
        list.children("SegmentURL").skip(kept).forEach(edits::remove);
      }
    }
  }

  private void cutTimeline(XmlElement timeline, long kept) {
    long left = kept;
    for (XmlElement entry : timeline.children("S").toList()) {
      long count = 1 + entry.get("r").map(repeats -> Long.parseLong(repeats.strip())).orElse(0L);
      if (left == 0) {
        edits.remove(entry);
      } else if (count > left) {
        edits.set(entry, "r", Long.toString(left - 1));
      }
      left = Math.max(0, left - count);
    }
  }

  private void writeList(TrackPlan track) {
    DashTrack origin = track.track();
    XmlElement representation = origin.element();
    origin.chain().stream().filter(element -> element.parent() != representation).forEach(edits::remove);
    XmlElement own = origin.innermost().parent() == representation ? origin.innermost() : null;
    if (own == null) {
      edits.append(
          representation,
          indent -> indent + new SegmentListText(prefix(representation), indent, uris).of(track, plan.start()));
    } else {
      edits.replace(
          own.start(), own.end(), new SegmentListText(prefix(own), edits.indent(own), uris).of(track, plan.start()));
    }
  }

  private void renameFile(TrackPlan track) {
    for (Resource resource : track.track().resources()) {
      String uri = uris.apply(resource.named());
      XmlElement base = track.track().baseElement();
      if (!uri.equals(resource.named().uri()) && resource.reference().isEmpty() && base != null) {
        String mark = uri.substring(MpdUrl.folder(resource.named().uri()).length());
        String content = base.content();
        edits.replace(base.tagEnd(), base.contentEnd(), XmlEdits.escaped(MpdUrl.folder(content) + mark));
      } else if (!uri.equals(resource.named().uri())) {
        renameSource(track.track(), resource, uri);
      }
    }
  }

  private void renameSource(DashTrack track, Resource resource, String uri) {
    for (XmlElement element : track.chain()) {
      element.children().stream()
          .filter(child -> child.get("sourceURL").filter(resource.reference()::equals).isPresent())
          .forEach(child -> edits.set(child, "sourceURL", SegmentListText.relative(uri, track.base())));
    }
  }
}
