package org.reelway.camel;

import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.reelway.failure.InputFailure;
import org.reelway.settings.StreamFilter;
import org.reelway.stream.relay.Destinations;
import org.reelway.stream.relay.FanOut;
import org.reelway.stream.relay.LoopGuard;
import org.reelway.stream.relay.SourceStream;
import org.reelway.stream.server.RegisteredStream;
import org.reelway.stream.server.StreamId;
import org.reelway.stream.server.StreamRegistry;

/**
 * What routes ask and do about the stream that a message of {@code kamelet:stream-events} tells of (its headers), and about
 * the destination that the body names.
 */
public final class FanOutSteps {
  private final StreamRegistry registry;
  private final StreamFilter routed;
  private final Destinations destinations;
  private final LoopGuard guard;
  private final FanOut fanOut;

  /** @param routed which streams are sent on */
  FanOutSteps(
      StreamRegistry registry, StreamFilter routed, Destinations destinations, LoopGuard guard, FanOut fanOut) {
    this.registry = registry;
    this.routed = routed;
    this.destinations = destinations;
    this.guard = guard;
    this.fanOut = fanOut;
  }

  /** Whether {@code reelway.routing.streams} names it. Copies that a server sends out are never meant. */
  public boolean isRouted(Exchange exchange) {
    SourceStream stream = stream(exchange);
    return stream.isInbound() && routed.matches(stream.name());
  }

  /** The names of {@code reelway.routing.destinations}. */
  public List<String> destinations() {
    return destinations.everywhere();
  }

  /** The names of {@code reelway.routing.members}; none for a stream that came from one of them. */
  public List<String> members(Exchange exchange) {
    return guard.isOwn(stream(exchange)) ? destinations.members() : List.of();
  }

  /** Whether the stream did not come from the destination of the body. */
  public boolean mayGoTo(Exchange exchange) {
    return guard.allows(stream(exchange), exchange.getMessage().getBody(String.class));
  }

  /** Sends the stream to the destination for as long as it is on; not where it has ended meanwhile. */
  void relay(Exchange exchange, String destination) {
    if (registry.find(id(exchange)).filter(RegisteredStream::isLive).isPresent()) {
      fanOut.start(stream(exchange), destination);
    }
  }

  /** Ends all relays of the stream. */
  void stopRelays(Exchange exchange) {
    fanOut.stop(id(exchange));
  }

  private SourceStream stream(Exchange exchange) {
    StreamId id = id(exchange);
    return registry.find(id).map(SourceStream::of)
        .orElseThrow(() -> new InputFailure("no media server told of a stream \"" + id.name() + "\" of " + id.server()));
  }

  private static StreamId id(Exchange exchange) {
    Message message = exchange.getMessage();
    if (message.getHeader("StreamName") == null) {
      throw new InputFailure(
          "a message without the headers of a stream: use it in a route that starts with kamelet:stream-events");
    }
    return new StreamId(
        text(message, "StreamSource"), text(message, "StreamServer"), text(message, "StreamApp"),
        text(message, "StreamName"), text(message, "StreamDirection"));
  }

  private static String text(Message message, String header) {
    return message.getHeader(header, "", String.class);
  }
}
