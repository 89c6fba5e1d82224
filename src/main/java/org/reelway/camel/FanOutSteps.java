package org.reelway.camel;

import static org.reelway.camel.StreamEventsSource.id;

import java.util.Arrays;
import java.util.List;
import org.apache.camel.Exchange;
import org.reelway.failure.InputFailure;
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
  private final Destinations destinations;
  private final LoopGuard guard;
  private final FanOut fanOut;

  FanOutSteps(StreamRegistry registry, Destinations destinations, LoopGuard guard, FanOut fanOut) {
    this.registry = registry;
    this.destinations = destinations;
    this.guard = guard;
    this.fanOut = fanOut;
  }

  /** The names of {@code reelway.routing.destinations}. */
  public List<String> destinations() {
    return destinations.everywhere();
  }

  /** Whether it was published here, and did not come from another server. */
  public boolean isPublishedHere(Exchange exchange) {
    return guard.isOwn(stream(exchange));
  }

  /**
   * Those of {@code reelway.routing.members} that the stream goes to.
   *
   * @param policy {@code all}, or {@code one} for always the same one of a stream's name, and of others for other names
   */
  public List<String> members(Exchange exchange, String policy) {
    return chosen(exchange, policy, destinations.members());
  }

  /** The same of destinations that the route names, divided by commas. */
  public List<String> choose(Exchange exchange, String policy, String names) {
    return chosen(exchange, policy, Arrays.stream(names.split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList());
  }

  private List<String> chosen(Exchange exchange, String policy, List<String> names) {
    return switch (policy) {
      case "all" -> names;
      case "one" -> guard.oneOf(stream(exchange), names).stream().toList();
      default -> throw new InputFailure("the policy is \"" + policy + "\"; allowed are [all, one]");
    };
  }

  /** Whether the stream did not come from the destination of the body. */
  public boolean mayGoTo(Exchange exchange) {
    return guard.allows(stream(exchange), exchange.getMessage().getBody(String.class));
  }

  /** Sends the stream to the destination for as long as it is on; not where it has ended meanwhile. */
  StepEndpoint.Step relay(EndpointParameters given) {
    String named = given.take("destination", "");
    return exchange -> {
      if (registry.find(id(exchange)).filter(RegisteredStream::isLive).isPresent()) {
        fanOut.start(stream(exchange), named.isEmpty() ? exchange.getMessage().getBody(String.class) : named);
      }
    };
  }

  /** Ends all relays of the stream. */
  StepEndpoint.Step relayStop() {
    return exchange -> fanOut.stop(id(exchange));
  }

  private SourceStream stream(Exchange exchange) {
    StreamId id = id(exchange);
    return registry.find(id).map(SourceStream::of)
        .orElseThrow(() -> new InputFailure("no media server told of a stream \"" + id.name() + "\" of " + id.server()));
  }
}
