package org.reelway.live.dash;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
