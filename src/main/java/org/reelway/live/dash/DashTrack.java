package org.reelway.live.dash;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.reelway.live.NamedFile;
import org.reelway.live.xml.XmlElement;

/**
 * A representation in one period, and what it names.
 *
 * @param key by which it is known again in other versions
 * @param element its {@code Representation}
 * @param addressing how it names its segments
 * @param chain elements that say so, the outermost first
 * @param clock element with the timeline or the duration; shared by those that inherit it; null where there is none
 * @param base URL to which its segments are relative
 * @param baseElement the innermost {@code BaseURL}; null where there is none
 * @param timescale units a second
 * @param offset presentation time offset, in units of the timescale
 * @param open segments behind the listed ones that the manifest does not list; null for none
 */
record DashTrack(
    String key,
    XmlElement element,
    Addressing addressing,
    List<XmlElement> chain,
    XmlElement clock,
    String base,
    XmlElement baseElement,
    long timescale,
    long offset,
    UrlTemplate template,
    List<Resource> resources,
    List<Segment> segments,
    OpenRun open) {

  /** How segments are named. */
  enum Addressing {
    TEMPLATE,
    LIST,
    /** One file, whole. */
    FILE
  }

  /**
   * A file that a representation needs beside its segments.
   *
   * @param reference relative to the base URL; empty for the base URL itself
   * @param range bytes of it; null for all
   * @param initialization whether it is the initialization segment
   */
  record Resource(String reference, String range, NamedFile named, boolean initialization) {}

  /**
   * Segments that are not listed but follow from each other, by duration alone or by {@code r="-1"}.
   *
   * @param number of the first one
   * @param time of the first one, in units of the timescale
   * @param duration of each, in units of the timescale
   * @param count of them; -1 for as many as come
   */
  record OpenRun(long number, long time, long duration, long count) {}

  DashTrack {
    resources = List.copyOf(resources);
    segments = List.copyOf(segments);
  }

  /** With the segments that its open run has come to, from one to another, counted from its start. */
  DashTrack closed(long from, long to) {
    List<Segment> all = new ArrayList<>(segments);
    for (long i = from; i <= to; i++) {
      all.add(openSegment(i));
    }
    return new DashTrack(
        key, element, addressing, chain, clock, base, baseElement, timescale, offset, template, resources, all, open);
  }

  Segment openSegment(long index) {
    return template.segment(
        Math.addExact(open.number(), index),
        Math.addExact(open.time(), Math.multiplyExact(open.duration(), index)),
        open.duration());
  }

  /** Whether the manifest's own words mean just these segments. */
  boolean isAsListed() {
    if (open == null) {
      return true;
    }
    long ofRun = segments.stream().filter(segment -> segment.number() >= open.number()).count();
    return open.count() >= 0 && ofRun == open.count();
  }

  Optional<Resource> initialization() {
    return resources.stream().filter(Resource::initialization).findFirst();
  }

  /** The element of the chain that is the innermost one. */
  XmlElement innermost() {
    return chain.get(chain.size() - 1);
  }

  /** The timeline's element; empty where segments have one duration. */
  Optional<XmlElement> timeline() {
    return clock == null ? Optional.empty() : clock.child("SegmentTimeline");
  }

  /** Nanoseconds from the start of its period. */
  long at(long time) {
    return MpdTime.nanos(Math.subtractExact(time, offset), timescale);
  }
}
