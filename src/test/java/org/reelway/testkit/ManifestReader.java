package org.reelway.testkit;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Reads a DASH manifest as a player does. Shares no code with what publishes them. */
final class ManifestReader {
  private final Element root;

  /** One file. @param upTo bytes that it must have; -1 for any */
  record Wanted(String uri, long upTo) {}

  /** A representation of a period. @param segments by the millisecond of the presentation at which they begin */
  record Track(String name, Wanted init, TreeMap<Long, Wanted> segments) {}

  ManifestReader(byte[] manifest) {
    try {
      root =
          DocumentBuilderFactory.newInstance().newDocumentBuilder()
              .parse(new ByteArrayInputStream(manifest)).getDocumentElement();
    } catch (Exception e) {
      throw new IllegalStateException("no whole XML: " + e.getMessage(), e);
    }
  }

  String attribute(String name) {
    return root.getAttribute(name);
  }

  boolean isDynamic() {
    return attribute("type").equals("dynamic");
  }

  List<Track> tracks() {
    List<Track> tracks = new ArrayList<>();
    for (Element period : children(root, "Period")) {
      long start = Duration.parse(period.getAttribute("start")).toMillis();
      for (Element set : children(period, "AdaptationSet")) {
        for (Element representation : children(set, "Representation")) {
          tracks.add(track(period.getAttribute("id") + "/" + representation.getAttribute("id"), start, representation));
        }
      }
    }
    return tracks;
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  private Track track(String name, long start, Element representation) {
    String base = children(representation, "BaseURL").stream().map(Element::getTextContent).findFirst().orElse("");
    for (Element template : children(representation, "SegmentTemplate")) {
      return templated(name, start, representation, template);
    }
    Element list = children(representation, "SegmentList").get(0);
    Element init = children(list, "Initialization").get(0);
    List<Element> urls = children(list, "SegmentURL");
    List<long[]> times = times(list, urls.size());
    TreeMap<Long, Wanted> segments = new TreeMap<>();
    for (int i = 0; i < urls.size(); i++) {
      segments.put(start + times.get(i)[0], wanted(base, urls.get(i), "media", "mediaRange"));
    }
    return new Track(name, wanted(base, init, "sourceURL", "range"), segments);
  }

  private static Wanted wanted(String base, Element element, String uri, String range) {
    String own = element.getAttribute(uri);
    String bytes = element.getAttribute(range);
    return new Wanted(
        own.isEmpty() ? base : own, bytes.isEmpty() ? -1 : Long.parseLong(bytes.substring(bytes.indexOf('-') + 1)) + 1);
  }

  private Track templated(String name, long start, Element representation, Element template) {
    TreeMap<Long, Wanted> segments = new TreeMap<>();
    String first = template.getAttribute("startNumber");
    long number = first.isEmpty() ? 1 : Long.parseLong(first);
    for (long[] time : times(template, count(template))) {
      String uri =
          template.getAttribute("media").replace("$RepresentationID$", representation.getAttribute("id"))
              .replace("$Number%05d$", String.format("%05d", number++)).replace("$Time$", Long.toString(time[1]));
      segments.put(start + time[0], new Wanted(uri, -1));
    }
    String init =
        template.getAttribute("initialization").replace("$RepresentationID$", representation.getAttribute("id"));
    return new Track(name, new Wanted(init, -1), segments);
  }

  /** Of a template without a timeline, which means all up to the end. */
  private int count(Element template) {
    if (!children(template, "SegmentTimeline").isEmpty()) {
      return 0;
    }
    if (isDynamic()) {
      throw new IllegalStateException("names what the clock implies");
    }
    double seconds = Duration.parse(attribute("mediaPresentationDuration")).toMillis() / 1000.0;
    double each = Double.parseDouble(template.getAttribute("duration"))
        / Double.parseDouble(template.getAttribute("timescale"));
    return (int) Math.ceil(seconds / each - 0.01);
  }

  /** Milliseconds from the start of the period, and the time itself. */
  private static List<long[]> times(Element parent, int segments) {
    long timescale = Long.parseLong(parent.getAttribute("timescale"));
    List<long[]> times = new ArrayList<>();
    List<Element> timelines = children(parent, "SegmentTimeline");
    for (int i = 0; timelines.isEmpty() && i < segments; i++) {
      times.add(new long[] {i * Long.parseLong(parent.getAttribute("duration")) * 1000 / timescale, 0});
    }
    long next = 0;
    for (Element timeline : timelines) {
      for (Element entry : children(timeline, "S")) {
        next = entry.hasAttribute("t") ? Long.parseLong(entry.getAttribute("t")) : next;
        long repeats = entry.hasAttribute("r") ? Long.parseLong(entry.getAttribute("r")) : 0;
        for (long i = 0; i <= repeats; i++) {
          times.add(new long[] {next * 1000 / timescale, next});
          next += Long.parseLong(entry.getAttribute("d"));
        }
      }
    }
    return times;
  }
}
