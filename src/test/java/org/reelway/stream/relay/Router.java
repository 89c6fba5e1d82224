package org.reelway.stream.relay;

import java.util.List;
import org.reelway.transfer.http.HostNames;
import org.reelway.settings.DestinationUri;

/** What routes/35-relays does with a stream, without Camel. */
final class Router {
  private final Destinations destinations;
  private final LoopGuard guard;
  private final FanOut fanOut;

  /** @param group with the address of this server */
  Router(
      List<DestinationUri> everywhere, Group group, String source, Relays relays, EmsRelays ems, HostNames hosts) {
    this.destinations = new Destinations(everywhere, group);
    this.guard = new LoopGuard(destinations, group.self(), hosts);
    this.fanOut = new FanOut(destinations, relays, ems, source, group.self());
  }

  void started(SourceStream stream) {
    send(stream, destinations.everywhere());
    if (guard.isOwn(stream)) {
      send(stream, destinations.members());
    }
  }

  private void send(SourceStream stream, List<String> names) {
    names.stream().filter(name -> guard.allows(stream, name)).forEach(name -> fanOut.start(stream, name));
  }

  void ended(SourceStream stream) {
    fanOut.stop(stream.id());
  }
}
