package org.reelway.camel;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.BindToRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.camel.GuardedHealth.Scope;
import org.reelway.camel.api.EventsApi;
import org.reelway.camel.api.StreamsApi;
import org.reelway.failure.ListBound;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.ServerApi;
import org.reelway.settings.ServerSettings;
import org.reelway.state.FleetStreams;
import org.reelway.state.ServerEventLog;
import org.reelway.state.ServerStreams;
import org.reelway.stream.server.EventInbox;
import org.reelway.stream.server.EventLog;
import org.reelway.stream.server.EventMetrics;
import org.reelway.stream.server.ServerEvents;
import org.reelway.stream.server.ServerListing;
import org.reelway.stream.server.ServerQuestions;
import org.reelway.stream.server.StreamFacts;
import org.reelway.stream.server.StreamListener;
import org.reelway.stream.server.StreamRegistry;
import org.reelway.stream.server.servers.EmsApi;
import org.reelway.stream.server.servers.MediaMtxApi;
import org.reelway.stream.server.servers.NginxRtmpStat;
import org.reelway.stream.server.servers.SrsApi;
import org.reelway.stream.workflow.local.IngestApps;

/** What media servers tell, and the flows that act on it. */
final class EventFeature extends Feature {
  final StreamRegistry registry;

  @BindToRegistry("events")
  final EventsApi api;

  @BindToRegistry("streams")
  final StreamsApi streams;

  @BindToRegistry("eventLog")
  final EventLog log;

  @BindToRegistry("streamNames")
  final StreamNames names = new StreamNames();

  @BindToRegistry("reelwayServersHealth")
  final GuardedHealth health = new GuardedHealth("servers", Scope.TOLD, this::tell);

  /** Id of this sidecar. */
  final String node;
  private final Clock clock;
  private final List<StreamListener> listeners = new CopyOnWriteArrayList<>();
  final EventInbox inbox;
  private final ServerQuestions questions;
  private volatile Instant runningTold = Instant.MAX;

  /** @param chunks is told of chunks and playlists */
  EventFeature(StateFeature state, FleetFeature fleet, FolderFeature disk, ServerEvents.Chunks chunks) {
    this.node = state.node;
    this.clock = state.clock;
    EventMetrics metrics = new EventMetrics(state.metrics);
    this.registry = new StreamRegistry(new ServerStreams(state.jdbi, state.writer, state.node), clock);
    this.inbox =
        new EventInbox(
            new ServerEventLog(state.jdbi, state.writer, clock, state.node), registry, (event, lag) -> metrics.acted(lag), clock);
    metrics.watch(registry, inbox);
    ServerEvents events =
        new ServerEvents(
            chunks, (file, stream) -> disk.folders.markUnlessSent(file, stream, "event"), inbox, metrics);
    List<ServerApi> apis =
        state.settings.isSet(ServerSettings.API) ? state.settings.get(ServerSettings.API) : List.of();
    this.questions =
        new ServerQuestions(
            apis.stream().filter(server -> server.kind().lists()).toList(),
            server -> withoutIngests(listing(server), LocalDrivers.ingests(state.settings)), registry, inbox, clock);
    this.api = new EventsApi(events, clock);
    this.streams = new StreamsApi(registry, inbox, questions, new FleetStreams(state.jdbi, state.node), fleet.fleet);
    this.log =
        state.settings.isSet(ServerSettings.EVENT_LOG)
            ? EventLog.open(state.folder.resolve("event-log.json"), state.settings.get(ServerSettings.EVENT_LOG))
            : EventLog.none();
  }

  /** Down while a media server's API does not tell its streams. */
  private void tell(HealthCheckResultBuilder builder) {
    List<ServerQuestions.Answering> all = questions.all();
    List<String> bad =
        all.stream()
            .filter(ServerQuestions.Answering::failing)
            .map(each -> each.api().kind().word() + " " + each.api().name() + ": " + each.trouble())
            .toList();
    builder.detail("servers", all.size());
    if (bad.isEmpty()) {
      builder.up();
    } else {
      builder.message(String.join("; ", bad)).down();
    }
  }

  /** Streams of the live workflow are called by their secret keys, and are its own. */
  private static ServerListing withoutIngests(ServerListing all, IngestApps ingests) {
    if (ingests.apps().isEmpty()) {
      return all;
    }
    return new ServerListing() {
      @Override
      public List<StreamFacts> live() {
        return all.live().stream().filter(stream -> ingests.key(stream.app(), stream.name()).isEmpty()).toList();
      }

      @Override
      public String shown(String name) {
        return all.shown(name);
      }

      @Override
      public boolean isLegible(String shown) {
        return all.isLegible(shown);
      }
    };
  }

  private ServerListing listing(ServerApi api) {
    return switch (api.kind()) {
      case NGINX_RTMP -> new NginxRtmpStat(api, clock);
      case SRS -> new SrsApi(api);
      case MEDIAMTX -> new MediaMtxApi(api);
      case EMS -> new EmsApi(api);
      case NGINX_RTMP_CONTROL, WCS -> throw new IllegalArgumentException(api + " tells no streams");
    };
  }

  @Override
  Optional<NodeSettings.Role> role() {
    return Optional.of(NodeSettings.Role.INGEST);
  }

  /** Takes what was stored before the start. */
  @Override
  void recover() {
    inbox.recover();
  }

  /** Has the listener told of streams: of those that are on at the start, too, or now where that is past. */
  void act(StreamListener listener) {
    listeners.add(listener);
    inbox.listen(listener);
    if (runningTold != Instant.MAX) {
      registry.live().forEach(stream -> inbox.tellOfRunning(stream.id(), listener));
    }
  }

  /** Has the listener told of what happens from now on, and of nothing else. */
  void listen(StreamListener listener) {
    inbox.listen(listener);
  }

  void ignore(StreamListener listener) {
    listeners.remove(listener);
    inbox.ignore(listener);
  }

  /** From now on events are acted on; whoever wants to be told listens by now. */
  @Override
  void begin() {
    registry.live().forEach(stream -> listeners.forEach(listener -> inbox.tellOfRunning(stream.id(), listener)));
    inbox.begin();
    runningTold = clock.instant();
  }

  /** When listeners were told of the streams that are on at the start; in the future while they were not. */
  Instant runningTold() {
    return runningTold;
  }

  @Override
  List<ListBound> bounds() {
    return Stream.of(registry.bounds(), inbox.bounds()).flatMap(List::stream).toList();
  }

  @Override
  void close() {
    questions.close();
    inbox.close();
  }
}
