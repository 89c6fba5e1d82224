package org.reelway.camel;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.reelway.flow.WatchedFolders;
import org.reelway.mediaserver.ServerEvents;

/** What takes media servers' events, joined with the flows that act on them. */
final class EventParts {
  private final EventsApi api;

  EventParts(LiveParts live, WatchedFolders folders, MeterRegistry metrics, Clock clock) {
    ServerEvents events =
        new ServerEvents(live.told(), (file, stream) -> folders.mark(file, stream, "event"), metrics);
    this.api = new EventsApi(events, clock);
  }

  EventsApi api() {
    return api;
  }
}
