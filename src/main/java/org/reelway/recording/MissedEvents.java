package org.reelway.recording;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds events against the truth: a marker that a look found although its folder was watched, and no event ever told of,
 * shows that somebody writes behind this machine's back. Believed until an event tells of a marker before a look does.
 */
final class MissedEvents {
  /** An event may be on its way while the look finds its file. */
  private static final Duration LATE = Duration.ofSeconds(2);

  private final Map<Path, Found> unannounced = new ConcurrentHashMap<>();
  private volatile String reason = "";
  private volatile long overflowAt = -1;

  private record Found(long look, Instant at) {}

  /** @param look number of the look that found them */
  void found(List<Path> markers, long look, Instant at) {
    markers.forEach(marker -> unannounced.put(marker, new Found(look, at)));
  }

  /**
   * An event told of the marker.
   *
   * @param first whether no look had found it before
   */
  void announced(Path marker, boolean first) {
    unannounced.remove(marker);
    if (first) {
      reason = "";
    }
  }

  /** Events are known to be missing since this look: nothing follows from what is found by the two after it. */
  void overflow(long look) {
    overflowAt = look;
  }

  /** @param registrations null where nothing is watched */
  void judge(Registrations registrations, Instant now) {
    Iterator<Map.Entry<Path, Found>> all = unannounced.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Path, Found> entry = all.next();
      Found found = entry.getValue();
      if (Duration.between(found.at(), now).compareTo(LATE) >= 0) {
        all.remove();
        boolean overflowed = overflowAt >= 0 && found.look() <= overflowAt + 2;
        if (registrations != null
            && !overflowed
            && registrations.wasWatchedBefore(entry.getKey().getParent(), found.look() - 1)) {
          reason = "the marker " + entry.getKey() + " came without an event";
        }
      }
    }
  }

  /** Empty while nothing speaks against the events. */
  String reason() {
    return reason;
  }
}
