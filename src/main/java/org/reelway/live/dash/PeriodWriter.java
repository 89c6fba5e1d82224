package org.reelway.live.dash;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.reelway.live.NamedFile;
import org.reelway.live.xml.XmlEdits;
import org.reelway.live.xml.XmlElement;

/**
 * Changes one period's text so that it names what is published and nothing else: by a timeline where the template gives the
 * right names, else by a list of segments, which alone can name files whose numbers have holes or whose names are taken.
 */
final class PeriodWriter {
  private final XmlEdits edits;
  private final Plan plan;
  private final Function<NamedFile, String> uris;

  /**
   * What is published of a period.
   *
   * @param id that it has in the store; null for its own
   * @param start nanoseconds, as published
   */
  record Plan(MpdPeriod period, String id, long start, List<TrackPlan> tracks) {}

  /** @param uris by which players find what is named */
  PeriodWriter(XmlEdits edits, Plan plan, Function<NamedFile, String> uris) {
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
            track.track().resources().stream().map(DashTrack.Resource::named),
            track.kept().stream()
                .flatMap(segment -> Stream.of(segment.segment().media(), segment.segment().index()))
                .filter(Objects::nonNull));
    if (names.anyMatch(named -> !uris.apply(named).equals(named.uri()))) {
      return true;
    }
    return !isAsWritten(track) && !fitsTemplate(track);
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
    DashTrack origin = track.track();
    XmlElement clock = origin.clock();
    String lead =
        origin.timeline().flatMap(timeline -> timeline.child("S")).map(edits::indent).orElse(edits.indent(clock) + "\t\t");
    String entries = SegmentListText.timeline(origin, track.kept(), plan.start(), lead, prefix(clock));
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
    for (DashTrack.Resource resource : track.track().resources()) {
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

  private void renameSource(DashTrack track, DashTrack.Resource resource, String uri) {
    for (XmlElement element : track.chain()) {
      element.children().stream()
          .filter(child -> child.get("sourceURL").filter(resource.reference()::equals).isPresent())
          .forEach(child -> edits.set(child, "sourceURL", SegmentListText.relative(uri, track.base())));
    }
  }
}
