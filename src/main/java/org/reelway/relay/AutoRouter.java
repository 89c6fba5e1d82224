package org.reelway.relay;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reelway.config.DestinationUri;
import org.reelway.config.StreamFilter;
import org.reelway.failure.InputFailure;
import org.reelway.mediaserver.StreamId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each stream that is on to the destinations (or a group's own ones to its other members), and never back to where it has been. Safe for several threads; events
 * of one stream have to come in their order.
 */
public final class AutoRouter {
  private static final Logger LOG = LoggerFactory.getLogger(AutoRouter.class);

  private final Plan plan;
  private final Relays relays;
  private final Map<StreamId, List<String>> running = new HashMap<>();

  /**
   * What is sent where.
   *
   * @param source URI with {@code {app}} and {@code {stream}} by which a stream is read
   * @param self names this media server in what streams are told of their way: its address, or anything unique
   * @param onlyOwn whether streams that came through another server are left alone: in a group in which each sends to
   *     all others, they have it already
   */
  public record Plan(
      StreamFilter streams, List<DestinationUri> destinations, String source, String self, boolean onlyOwn) {}

  public AutoRouter(Plan plan, Relays relays) {
    this.plan = plan;
    this.relays = relays;
  }

  /** The stream is on; nothing happens where that is known. */
  public synchronized void started(SourceStream stream) {
    if (running.containsKey(stream.id()) || !stream.isInbound() || !plan.streams().matches(stream.name())) {
      return;
    }
    if (plan.onlyOwn() && !stream.via().servers().isEmpty()) {
      return;
    }
    if (stream.via().has(plan.self())) {
      LOG.info("stream {} is not sent on: it came through here before ({})", stream.name(), stream.via().servers());
      return;
    }
    List<String> ids = new ArrayList<>();
    for (DestinationUri destination : plan.destinations()) {
      start(stream, destination).ifPresent(ids::add);
    }
    running.put(stream.id(), ids);
  }

  private Optional<String> start(SourceStream stream, DestinationUri destination) {
    if (destination.authority().equalsIgnoreCase(plan.self())) {
      return Optional.empty();
    }
    if (stream.via().has(destination.authority()) || comesFrom(stream, destination)) {
      LOG.info("stream {} is not sent to {}: it came from there", stream.name(), destination);
      return Optional.empty();
    }
    try {
      return Optional.of(
          relays.start(
              new RelayOrder(
                  stream.name(), stream.source(plan.source(), relays.stallAfter()),
                  DestinationArguments.of(destination, stream.name()),
                  stream.via().and(plan.self()).mark())));
    } catch (InputFailure e) {
      LOG.warn("{}", e.getMessage());
      return Optional.empty();
    }
  }

  /** An address of this machine says nothing: whoever publishes here may be on it, and so may the destination. */
  private static boolean comesFrom(SourceStream stream, DestinationUri destination) {
    if (stream.publisher().isEmpty()) {
      return false;
    }
    try {
      InetAddress publisher = InetAddress.getByName(stream.publisher());
      return !publisher.isLoopbackAddress()
          && Arrays.asList(InetAddress.getAllByName(destination.host())).contains(publisher);
    } catch (UnknownHostException unknown) {
      return stream.publisher().equalsIgnoreCase(destination.host());
    }
  }

  /** The stream is over. */
  public synchronized void ended(SourceStream stream) {
    List<String> ids = running.remove(stream.id());
    if (ids != null) {
      ids.forEach(relays::stop);
    }
  }
}
