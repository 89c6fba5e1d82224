package org.reelway.live.dash;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.reelway.failure.InputFailure;
import org.reelway.live.NamedFile;
import org.reelway.live.xml.XmlElement;

/** Reads one representation, with what it inherits from those around it (5.3.9). */
final class DashTrackReader {
  private static final List<String> ADDRESSINGS = List.of("SegmentTemplate", "SegmentList", "SegmentBase");

  private final List<XmlElement> levels;
  private final String key;
  private final long length;
  private final LongConsumer budget;
  private final XmlElement representation;
  private final List<XmlElement> chain;
  private final String base;
  private XmlElement baseElement;

  /**
   * @param levels from the manifest to the representation
   * @param length of the period in nanoseconds, or -1
   * @param budget told of segments before they are held
   */
  DashTrackReader(List<XmlElement> levels, String key, long length, LongConsumer budget) {
    this.levels = levels;
    this.key = key;
    this.length = length;
    this.budget = budget;
    this.representation = levels.get(levels.size() - 1);
    this.chain = chain();
    this.base = base();
  }

  private List<XmlElement> chain() {
    String word = null;
    for (XmlElement level : levels) {
      for (String addressing : ADDRESSINGS) {
        word = level.child(addressing).isPresent() ? addressing : word;
      }
    }
    String effective = word;
    return effective == null ? List.of() : levels.stream().flatMap(level -> level.child(effective).stream()).toList();
  }

  private String base() {
    String url = "";
    for (XmlElement level : levels) {
      List<XmlElement> own = level.children("BaseURL").toList();
      List<XmlElement> relative = own.stream().filter(each -> !MpdUrl.isAbsolute(each.content())).toList();
      if (relative.size() > 1) {
        throw new InputFailure(
            "the manifest has " + relative.size() + " relative BaseURLs side by side; one of the live folder is taken");
      }
      Optional<XmlElement> taken = relative.isEmpty() ? own.stream().findFirst() : Optional.of(relative.get(0));
      if (taken.isPresent()) {
        baseElement = taken.get();
        url = MpdUrl.resolve(url, taken.get().content());
      }
    }
    return url;
  }

  DashTrack track() {
    String word = chain.isEmpty() ? "SegmentBase" : chain.get(0).name();
    return switch (word) {
      case "SegmentTemplate" -> templated();
      case "SegmentList" -> listed();
      default -> file();
    };
  }

  private Optional<String> inherited(String attribute) {
    for (int i = chain.size() - 1; i >= 0; i--) {
      Optional<String> value = chain.get(i).get(attribute);
      if (value.isPresent()) {
        return value;
      }
    }
    return Optional.empty();
  }

  private Optional<XmlElement> inheritedChild(String name) {
    for (int i = chain.size() - 1; i >= 0; i--) {
      Optional<XmlElement> child = chain.get(i).child(name);
      if (child.isPresent()) {
        return child;
      }
    }
    return Optional.empty();
  }

  private long number(String attribute, long otherwise) {
    Optional<String> value = inherited(attribute);
    return value.isPresent() ? number(attribute, value.get()) : otherwise;
  }

  private static long number(String attribute, String value) {
    try {
      return Long.parseLong(value.strip());
    } catch (NumberFormatException e) {
      throw new InputFailure("the manifest has " + attribute + "=\"" + value + "\", which is no number");
    }
  }

  private long timescale() {
    long timescale = number("timescale", 1);
    if (timescale < 1 || timescale > 4_000_000_000L) {
      throw new InputFailure("the manifest has timescale=\"" + timescale + "\"; 1 to 4000000000 are allowed");
    }
    return timescale;
  }

  /** The innermost element that says how long segments are. */
  private XmlElement clock() {
    for (int i = chain.size() - 1; i >= 0; i--) {
      if (chain.get(i).child("SegmentTimeline").isPresent() || chain.get(i).attribute("duration").isPresent()) {
        return chain.get(i);
      }
    }
    return null;
  }

  private NamedFile whole(String reference, String range) {
    String url = MpdUrl.resolve(base, reference);
    return range == null ? NamedFile.whole(url) : new NamedFile(url, upTo(range), false);
  }

  private static long upTo(String range) {
    int dash = range.indexOf('-');
    if (dash < 1 || dash == range.length() - 1) {
      throw new InputFailure("the manifest has the range \"" + range + "\"; the form is first-last");
    }
    return Math.addExact(number("range", range.substring(dash + 1)), 1);
  }

  private void resource(String element, List<DashTrack.Resource> found) {
    inheritedChild(element)
        .ifPresent(
            child -> {
              String reference = child.get("sourceURL").orElse("");
              String range = child.get("range").orElse(null);
              found.add(new DashTrack.Resource(reference, range, whole(reference, range), element.equals("Initialization")));
            });
  }

  private List<DashTrack.Resource> resources() {
    List<DashTrack.Resource> found = new ArrayList<>();
    resource("Initialization", found);
    resource("RepresentationIndex", found);
    resource("BitstreamSwitching", found);
    return found;
  }

  private DashTrack templated() {
    UrlTemplate template =
        new UrlTemplate(
            inherited("media").orElseThrow(() -> new InputFailure("the manifest has a SegmentTemplate without media")),
            inherited("index").orElse(null), representation.get("id").orElse(""),
            representation.get("bandwidth").map(UrlTemplate::bandwidth).orElse(0L), base);
    List<DashTrack.Resource> resources = resources();
    for (String attribute : List.of("initialization", "bitstreamSwitching")) {
      inherited(attribute)
          .ifPresent(
              value -> {
                String reference =
                    MpdUrl.of(value, template.representation(), template.bandwidth(), name -> noNumber(value));
                resources.add(
                    new DashTrack.Resource(reference, null, whole(reference, null), attribute.equals("initialization")));
              });
    }
    XmlElement clock = clock();
    if (clock == null) {
      throw new InputFailure("the manifest has a SegmentTemplate with neither a SegmentTimeline nor a duration");
    }
    long first = number("startNumber", 1);
    List<Segment> segments = new ArrayList<>();
    DashTrack.OpenRun open = null;
    if (clock.child("SegmentTimeline").isPresent()) {
      open = timeline(clock, first, (number, time, duration) -> segments.add(template.segment(number, time, duration)));
    } else {
      open = even(clock, first);
    }
    return new DashTrack(
        key, representation, DashTrack.Addressing.TEMPLATE, chain, clock, base, baseElement, timescale(), offset(), template,
        resources, segments, open);
  }

  private static long noNumber(String template) {
    throw new InputFailure("the manifest has the template \"" + template + "\" with a number, which has none here");
  }

  private long offset() {
    return number("presentationTimeOffset", 0);
  }

  private interface Each {
    void segment(long number, long time, long duration);
  }

  /** What the {@code S} of a timeline say (5.3.9.6), one by one. @return the rest that goes on for ever; null for none */
  private DashTrack.OpenRun timeline(XmlElement clock, long first, Each each) {
    List<XmlElement> entries = clock.child("SegmentTimeline").orElseThrow().children("S").toList();
    long until = length < 0 ? -1 : Math.addExact(offset(), MpdTime.ticks(length, timescale()));
    long number = first;
    long time = 0;
    for (int i = 0; i < entries.size(); i++) {
      XmlElement entry = entries.get(i);
      long duration = number(entry, "d", -1);
      long repeats = number(entry, "r", 0);
      // nginx-rtmp ends a stream with a segment of no length.
      if (duration < 0 || duration == 0 && repeats != 0) {
        throw new InputFailure("the manifest has an S without a duration (d), or with one of nothing that is repeated");
      }
      time = number(entry, "t", time);
      number = number(entry, "n", number);
      if (repeats < 0) {
        long end = i + 1 < entries.size() ? number(entries.get(i + 1), "t", -1) : until;
        if (end < 0 && i + 1 < entries.size()) {
          throw new InputFailure("the manifest has an S without a time (t) behind one with r=\"-1\"");
        }
        if (end < 0) {
          return new DashTrack.OpenRun(number, time, duration, -1);
        }
        repeats = Math.max(0, (end - time + duration - 1) / duration - 1);
      }
      budget.accept(Math.addExact(repeats, 1));
      for (long k = 0; k <= repeats; k++) {
        each.segment(number++, time, duration);
        time = Math.addExact(time, duration);
      }
    }
    return null;
  }

  private static long number(XmlElement entry, String attribute, long otherwise) {
    Optional<String> value = entry.get(attribute);
    return value.isPresent() ? number("S " + attribute, value.get()) : otherwise;
  }

  private DashTrack.OpenRun even(XmlElement clock, long first) {
    long duration = number("duration", clock.get("duration").orElseThrow());
    if (duration < 1) {
      throw new InputFailure("the manifest has duration=\"" + duration + "\"; it must be more than nothing");
    }
    long count = length < 0 ? -1 : count(MpdTime.nanos(duration, timescale()));
    long last = number("endNumber", Long.MAX_VALUE);
    if (last != Long.MAX_VALUE) {
      long numbered = Math.max(0, last - first + 1);
      count = count < 0 ? numbered : Math.min(count, numbered);
    }
    return new DashTrack.OpenRun(first, offset(), duration, count);
  }

  /** A remainder of less than a twentieth of a segment is rounding, and no segment. */
  private long count(long segment) {
    return (Math.addExact(length, segment) - Math.max(1, segment / 20)) / Math.max(1, segment);
  }

  private DashTrack listed() {
    List<XmlElement> urls = List.of();
    for (XmlElement list : chain) {
      List<XmlElement> own = list.children("SegmentURL").toList();
      urls = own.isEmpty() ? urls : own;
    }
    budget.accept(urls.size());
    XmlElement clock = clock();
    long first = number("startNumber", 1);
    List<long[]> times = new ArrayList<>();
    if (clock != null && clock.child("SegmentTimeline").isPresent()) {
      timeline(clock, first, (number, time, duration) -> times.add(new long[] {time, duration}));
    } else {
      even(clock, first, urls.size(), times);
    }
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < Math.min(urls.size(), times.size()); i++) {
      segments.add(listed(urls.get(i), first + i, times.get(i)));
    }
    return new DashTrack(
        key, representation, DashTrack.Addressing.LIST, chain, clock, base, baseElement, timescale(), offset(), null,
        resources(), segments, null);
  }

  /** Segments of one duration; a list without any has one segment, as long as the period. */
  private void even(XmlElement clock, long first, int segments, List<long[]> times) {
    long duration =
        clock == null ? Math.max(1, MpdTime.ticks(Math.max(1, length), timescale()))
            : number("duration", clock.get("duration").orElseThrow());
    for (int i = 0; i < segments; i++) {
      times.add(new long[] {Math.addExact(offset(), Math.multiplyExact(duration, (long) i)), duration});
    }
  }

  private Segment listed(XmlElement url, long number, long[] time) {
    String reference = url.get("media").orElse("");
    String range = url.get("mediaRange").orElse(null);
    NamedFile index = url.get("index").map(own -> NamedFile.whole(MpdUrl.resolve(base, own))).orElse(null);
    return new Segment(
        number, time[0], time[1], reference, range, url.get("indexRange").orElse(null), whole(reference, range), index);
  }

  private DashTrack file() {
    List<DashTrack.Resource> resources = new ArrayList<>();
    if (!base.isEmpty()) {
      resources.add(new DashTrack.Resource("", null, NamedFile.whole(base), false));
    }
    for (DashTrack.Resource other : resources()) {
      if (!other.reference().isEmpty()) {
        resources.add(other);
      }
    }
    return new DashTrack(
        key, representation, DashTrack.Addressing.FILE, chain, null, base, baseElement, timescale(), offset(), null,
        resources, List.of(), null);
  }
}
