package org.reelway.live;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What happened to one playlist of late; single chunks and tries are left out. */
final class LiveTimeline {
  private static final int MOST = 50;

  private final Deque<LiveEvent> events = new ArrayDeque<>();

  synchronized void add(LiveEvent event) {
    if (event.kind() != LiveEvent.Kind.CHUNK && event.kind() != LiveEvent.Kind.RETRY) {
      events.addLast(event);
      if (events.size() > MOST) {
        events.removeFirst();
      }
    }
  }

  /** The newest last. */
  synchronized List<LiveEvent> all() {
    return new ArrayList<>(events);
  }
}
