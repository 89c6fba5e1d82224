package org.reelway.live.dash;

import java.util.List;
import java.util.Optional;
import org.reelway.live.xml.XmlElement;

/**
 * A period of a manifest.
 *
 * @param key by which it is known again in other versions
 * @param start nanoseconds
 * @param end nanoseconds; -1 where it is not known yet
 */
record MpdPeriod(XmlElement element, String key, long start, long end, List<DashTrack> tracks) {

  MpdPeriod {
    tracks = List.copyOf(tracks);
  }

  Optional<DashTrack> track(String wanted) {
    return tracks.stream().filter(track -> track.key().equals(wanted)).findFirst();
  }

  /** Start of the first segment of all, in nanoseconds of the presentation; the period's own where there is none. */
  long from() {
    return tracks.stream()
        .filter(track -> !track.segments().isEmpty())
        .mapToLong(track -> start + track.at(track.segments().get(0).time()))
        .min()
        .orElse(start);
  }

  /** End of the last segment of all, in nanoseconds of the presentation; the period's own where there is none. */
  long until() {
    return tracks.stream()
        .filter(track -> !track.segments().isEmpty())
        .mapToLong(track -> start + track.at(track.segments().get(track.segments().size() - 1).end()))
        .max()
        .orElse(Math.max(start, end));
  }
}
