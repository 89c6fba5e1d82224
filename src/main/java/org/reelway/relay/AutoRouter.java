package org.reelway.relay;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reelway.config.DestinationUri;
import org.reelway.config.ServerApi;
import org.reelway.config.StreamFilter;
import org.reelway.failure.InputFailure;
import org.reelway.mediaserver.StreamId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each stream that is on to the destinations (or a group's own ones to its other members), and never back to where it
 * has been. Safe for several threads; events of one stream have to come in their order. Nothing is waited for.
 */
public final class AutoRouter {
  private static final Logger LOG = LoggerFactory.getLogger(AutoRouter.class);

  private final Plan plan;
  private final Relays relays;
  private final EmsRelays ems;
  private final HostAddresses hosts;
  private final Map<StreamId, List<String>> running = new HashMap<>();

  /**
   * What is sent where.
   *
   * @param pulling EvoStream servers that are told to pull
   * @param source URI with {@code {app}} and {@code {stream}} by which a stream is read
   * @param self names this media server in what streams are told of their way: its address, or anything unique; pulling
   *     servers reach it there
   * @param onlyOwn whether streams that came through another server are left alone: in a group in which each sends to
   *     all others, they have it already
   */
  public record Plan(
      StreamFilter streams,
      List<DestinationUri> destinations,
      List<ServerApi> pulling,
      String source,
      String self,
      boolean onlyOwn) {}

  /** @param ems what servers do themselves */
  public AutoRouter(Plan plan, Relays relays, EmsRelays ems, HostAddresses hosts) {
    this.plan = plan;
    this.relays = relays;
    this.ems = ems;
    this.hosts = hosts;
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
    running.put(stream.id(), ids);
    plan.destinations().forEach(destination -> consider(stream, destination, ids));
    plan.pulling().forEach(member -> pull(stream, member, ids));
  }

  private void consider(SourceStream stream, DestinationUri destination, List<String> ids) {
    if (destination.authority().equalsIgnoreCase(plan.self())) {
      return;
    }
    if (destination.isRtmp() && !destination.tellsVia() && !stream.via().and(plan.self()).canBeTold()) {
      LOG.warn("stream {} is not sent to {}: it came through {} servers, and no more can be told to the next one by the Flash"
          + " version; write ?reelwayVia={via} behind the destination where its events show queries",
          stream.name().replaceAll("\\p{Cntrl}", "?"), destination, Via.MOST_TOLD);
      return;
    }
    boolean named = stream.publisher().equalsIgnoreCase(destination.host());
    if (stream.via().has(destination.authority()) || named && !isLoopback(stream)) {
      sayBack(stream, destination);
      return;
    }
    Optional<InetAddress> publisher = HostAddresses.literal(stream.publisher());
    if (publisher.isEmpty() || isLoopback(stream)) {
      start(stream, destination, ids);
    } else {
      hosts.of(destination.host())
          .thenAccept(found -> decide(stream, destination, ids, found.contains(publisher.get())));
    }
  }

  /** An address of this machine says nothing: whoever publishes here may be on it, and so may the destination. */
  private static boolean isLoopback(SourceStream stream) {
    return HostAddresses.literal(stream.publisher()).filter(InetAddress::isLoopbackAddress).isPresent();
  }

  private synchronized void decide(SourceStream stream, DestinationUri destination, List<String> ids, boolean back) {
    // The very list: the stream may have ended, and begun anew, while the name service was asked.
    if (running.get(stream.id()) != ids) {
      return;
    }
    if (back) {
      sayBack(stream, destination);
    } else {
      start(stream, destination, ids);
    }
  }

  private static void sayBack(SourceStream stream, DestinationUri destination) {
    LOG.info("stream {} is not sent to {}: it came from there", stream.name(), destination);
  }

  private void start(SourceStream stream, DestinationUri destination, List<String> ids) {
    Via via = stream.via().and(plan.self());
    try {
      // Said first: a name that no destination takes is sent by nobody.
      Destination arguments = DestinationArguments.of(destination, stream.name(), via).asTwin(twin(destination));
      ids.add(
          ems.push(stream, destination, twin(destination), via)
              .map(relays::start)
              .orElseGet(
                  () ->
                      relays.start(
                          new RelayOrder(
                              stream.name(), stream.source(plan.source(), relays.stallAfter()), arguments, via.mark()))));
    } catch (InputFailure e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  /** How many before it look the same without their secrets, as two keys of one server do. */
  private int twin(DestinationUri destination) {
    int before = plan.destinations().indexOf(destination);
    return (int) plan.destinations().stream().limit(before).map(DestinationUri::shown)
        .filter(destination.shown()::equals).count();
  }

  private void pull(SourceStream stream, ServerApi member, List<String> ids) {
    try {
      String from = stream.source(PullSource.template(plan.source(), plan.self()), relays.stallAfter()).uri();
      ids.add(relays.start(ems.pull(stream, member, from, stream.via().and(plan.self()))));
    } catch (InputFailure e) {
      LOG.warn("stream {} is not pulled by {}: {}", stream.name().replaceAll("\\p{Cntrl}", "?"), member, e.getMessage());
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
