package org.reelway.live.dash;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.reelway.live.NamedFile;
import org.reelway.live.xml.XmlElement;

/** A manifest. */
record Mpd(XmlElement root, List<MpdPeriod> periods) {

  Mpd {
    periods = List.copyOf(periods);
  }

  boolean isDynamic() {
    return root.get("type").filter("dynamic"::equals).isPresent();
  }

  /** What all times count from; empty where there is none. */
  Optional<Instant> availabilityStart() {
    return root.get("availabilityStartTime").map(MpdTime::instant);
  }

  /** How far back it goes, in nanoseconds; empty for to the beginning. */
  Optional<Long> window() {
    return root.get("timeShiftBufferDepth").map(MpdTime::duration);
  }

  /** Whether its periods mean the same in the other manifest: what holds for all, wherever they stand, is the same. */
  boolean agreesWith(Mpd other) {
    return bases().equals(other.bases()) && root.qualifiedName().equals(other.root.qualifiedName())
        && namespaces().containsAll(other.namespaces());
  }

  private List<String> bases() {
    return root.children("BaseURL").map(XmlElement::content).toList();
  }

  private Set<String> namespaces() {
    return root.attributes().stream().filter(each -> each.name().startsWith("xmlns"))
        .map(each -> each.name() + "=" + each.value()).collect(Collectors.toSet());
  }

  Optional<MpdPeriod> period(String key) {
    return periods.stream().filter(period -> period.key().equals(key)).findFirst();
  }

  /** All that it names, in the order in which it is played. */
  List<NamedFile> names() {
    List<NamedFile> names = new ArrayList<>();
    for (MpdPeriod period : periods) {
      period.tracks().forEach(track -> track.resources().forEach(resource -> names.add(resource.named())));
      int longest = period.tracks().stream().mapToInt(track -> track.segments().size()).max().orElse(0);
      for (int i = 0; i < longest; i++) {
        for (DashTrack track : period.tracks()) {
          if (i < track.segments().size()) {
            Segment segment = track.segments().get(i);
            names.add(segment.media());
            if (segment.index() != null) {
              names.add(segment.index());
            }
          }
        }
      }
    }
    return names;
  }
}
