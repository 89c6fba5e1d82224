package org.reelway.camel;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.reelway.failure.ListBound;
import org.reelway.settings.ServerApi;
import org.reelway.settings.ServerSettings;
import org.reelway.settings.Settings;
import org.reelway.state.ServerEventLog;
import org.reelway.state.ServerStreams;
import org.reelway.state.StateWriter;
import org.reelway.stream.server.EventInbox;
import org.reelway.stream.server.EventMetrics;
import org.reelway.stream.server.ServerEvents;
import org.reelway.stream.server.ServerListing;
import org.reelway.stream.server.ServerQuestions;
import org.reelway.stream.server.StreamListener;
import org.reelway.stream.server.StreamRegistry;
import org.reelway.stream.server.servers.EmsApi;
import org.reelway.stream.server.servers.MediaMtxApi;
import org.reelway.stream.server.servers.NginxRtmpStat;
import org.reelway.stream.server.servers.SrsApi;
import org.reelway.transfer.flow.WatchedFolders;

/** What takes media servers' events, joined with the flows that act on them. */
final class EventParts implements AutoCloseable {
  private final Clock clock;
  private final List<StreamListener> listeners = new CopyOnWriteArrayList<>();
  private final StreamRegistry registry;
  private final EventInbox inbox;
  private final ServerEvents events;
  private final ServerQuestions questions;

  EventParts(
      Settings settings,
      Jdbi jdbi,
      StateWriter writer,
      LiveParts live,
      WatchedFolders folders,
      MeterRegistry meters,
      Clock clock) {
    this.clock = clock;
    EventMetrics metrics = new EventMetrics(meters);
    this.registry = new StreamRegistry(new ServerStreams(jdbi, writer), clock);
    this.inbox =
        new EventInbox(
            new ServerEventLog(jdbi, writer, clock), registry, (event, lag) -> metrics.acted(lag), clock);
    metrics.watch(registry, inbox);
    this.events =
        new ServerEvents(live.told(), (file, stream) -> folders.markUnlessSent(file, stream, "event"), inbox, metrics);
    List<ServerApi> apis = settings.isSet(ServerSettings.API) ? settings.get(ServerSettings.API) : List.of();
    this.questions = new ServerQuestions(apis.stream().filter(api -> api.kind().lists()).toList(), this::listing, registry, inbox, clock);
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

  /** Takes what was stored before the start; called before the first request can come. */
  void recover() {
    inbox.recover();
  }

  /** Has the listener told of streams: of those that are on at the start, too. */
  void act(StreamListener listener) {
    listeners.add(listener);
    inbox.listen(listener);
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
  void begin() {
    registry.live().forEach(stream -> listeners.forEach(listener -> inbox.tellOfRunning(stream.id(), listener)));
    inbox.begin();
  }

  /** What may be full. */
  List<ListBound> bounds() {
    return Stream.of(registry.bounds(), inbox.bounds()).flatMap(List::stream).toList();
  }

  StreamRegistry registry() {
    return registry;
  }

  EventsApi api() {
    return new EventsApi(events, clock);
  }

  StreamsApi streams() {
    return new StreamsApi(registry, inbox, questions);
  }

  ServersHealth health() {
    return new ServersHealth(questions::all);
  }

  @Override
  public void close() {
    questions.close();
    inbox.close();
  }
}
