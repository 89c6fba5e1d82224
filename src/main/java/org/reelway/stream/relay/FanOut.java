package org.reelway.stream.relay;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.reelway.failure.InputFailure;
import org.reelway.stream.server.StreamId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A relay for each destination that a stream is sent to; its end ends them. Safe for several threads; nothing is waited for. */
public final class FanOut {
  private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);

  private final Destinations destinations;
  private final Relays relays;
  private final EmsRelays ems;
  private final String source;
  private final String self;
  private final Map<StreamId, Set<String>> running = new HashMap<>();

  /**
   * @param ems what servers do themselves
   * @param source URI with {@code {app}} and {@code {stream}} by which a stream is read
   * @param self names this media server in what streams are told of their way; pulling servers reach it there
   */
  public FanOut(Destinations destinations, Relays relays, EmsRelays ems, String source, String self) {
    this.destinations = destinations;
    this.relays = relays;
    this.ems = ems;
    this.source = source;
    this.self = self;
  }

  /**
   * Sends the stream there until {@link #stop}. Nothing happens where that is done already, where it is a copy that the server
   * sends out, and nothing but a line in the log where its name cannot be sent or no destination has that name.
   */
  public synchronized void start(SourceStream stream, String destination) {
    if (!stream.isInbound()) {
      return;
    }
    Destinations.Named to;
    try {
      to = destinations.get(destination);
    } catch (InputFailure e) {
      LOG.warn("stream {} is not sent on: {}", stream.shownName(), e.getMessage());
      return;
    }
    StreamTrail via = stream.via().and(self);
    try {
      String id = to.uri() == null ? pull(stream, to, via) : send(stream, to, via);
      running.computeIfAbsent(stream.id(), any -> new LinkedHashSet<>()).add(id);
    } catch (InputFailure e) {
      LOG.warn("stream {} is not sent to {}: {}", stream.shownName(), to, e.getMessage());
    }
  }

  private String send(SourceStream stream, Destinations.Named to, StreamTrail via) {
    // Said first: a name that no destination takes is sent by nobody.
    Destination arguments = DestinationArguments.of(to.uri(), stream.name(), via).asTwin(to.twin());
    return ems.push(stream, to.uri(), to.twin(), via)
        .map(relays::start)
        .orElseGet(
            () ->
                relays.start(
                    new RelayOrder(stream.name(), stream.source(source, relays.stallAfter()), arguments, via.mark())));
  }

  private String pull(SourceStream stream, Destinations.Named to, StreamTrail via) {
    String from = stream.source(PullSource.template(source, self), relays.stallAfter()).uri();
    return relays.start(ems.pull(stream, to.pulling(), from, via));
  }

  /** The stream is over. */
  public synchronized void stop(StreamId stream) {
    Set<String> ids = running.remove(stream);
    if (ids != null) {
      ids.forEach(relays::stop);
    }
  }
}
