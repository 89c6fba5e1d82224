package org.reelway.stream.relay;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.reelway.failure.Failure;
import org.reelway.media.process.Orphans;
import org.reelway.settings.DestinationUri;
import org.reelway.state.ServerEventLog;
import org.reelway.state.ServerStreams;
import org.reelway.state.StateDatabase;
import org.reelway.state.TestState;
import org.reelway.state.StateWriter;
import org.reelway.stream.server.EventInbox;
import org.reelway.stream.server.EventMetrics;
import org.reelway.stream.server.EventRequest;
import org.reelway.stream.server.RegisteredStream;
import org.reelway.stream.server.ServerEvents;
import org.reelway.stream.server.StreamChange;
import org.reelway.stream.server.StreamListener;
import org.reelway.stream.server.StreamRegistry;
import org.reelway.stream.server.servers.EmsAdapter;
import org.reelway.stream.supervise.Limits;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.TaskStatus;
import org.reelway.transfer.http.HostNames;
import org.reelway.transfer.Backoff;

/** What Reelway is beside one EvoStream server, from events over HTTP to relays; there is no ffmpeg. */
final class EmsSide implements AutoCloseable {
  static final Map<String, String> NAMES = Map.of("a", "192.0.2.1", "b", "192.0.2.2", "c", "192.0.2.3");
  static final Duration STALL_AFTER = Duration.ofSeconds(1);

  private final String server;
  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final StateWriter writer;
  private final EventInbox inbox;
  private final ServerEvents events;
  private final EmsRelays ems;
  final StreamRegistry registry;
  final Supervisor supervisor;

  /** @param instance by which its pushes and pulls are known */
  EmsSide(Path state, String server, String instance, Group group, String source, List<DestinationUri> destinations) {
    this.server = server;
    Clock clock = Clock.systemUTC();
    StateDatabase database = TestState.open(state, clock);
    writer = new StateWriter(database.jdbi());
    registry = new StreamRegistry(new ServerStreams(database.jdbi(), writer, "here"), clock);
    inbox = new EventInbox(new ServerEventLog(database.jdbi(), writer, clock, "here"), registry, (event, lag) -> {}, clock);
    events = new ServerEvents(file -> {}, (file, stream) -> {}, inbox, new EventMetrics(new SimpleMeterRegistry()));
    Orphans orphans = new Orphans(instance);
    Limits limits =
        new Limits(
            500, STALL_AFTER, Duration.ofMillis(500), new Backoff(Duration.ofMillis(50), Duration.ofMillis(300)),
            Duration.ofSeconds(30));
    supervisor = new Supervisor("relays", orphans, limits, clock);
    Relays relays =
        new Relays(supervisor, () -> state.resolve("no-ffmpeg"), state.resolve("relays"), orphans, limits.stallAfter(),
            Authorities.of(null, state.resolve("relays")));
    ems = new EmsRelays(instance, group.pushing(), group.pulling());
    HostNames hosts = new HostNames(EmsSide::lookUp);
    Router router = new Router(destinations, group, source, relays, ems, hosts);
    StreamListener listener =
        change -> {
          if (change.started()) {
            router.started(SourceStream.of(change.stream()));
          } else {
            router.ended(SourceStream.of(change.stream()));
          }
        };
    inbox.listen(listener);
    registry.live().forEach(stream -> listener.changed(new StreamChange(true, stream)));
    supervisor.begin();
    inbox.begin();
    http = listen();
  }

  private static InetAddress[] lookUp(String host) throws UnknownHostException {
    return new InetAddress[] {InetAddress.getByName(NAMES.getOrDefault(host, "192.0.2.99"))};
  }

  private HttpServer listen() {
    try {
      HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      made.setExecutor(threads);
      made.createContext(
          "/evowebservices",
          exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int status = 200;
            try {
              events.read(new EmsAdapter(), new EventRequest(server, "", body, Map.of(), Instant.now()))
                  .forEach(event -> events.take(event, false));
            } catch (Failure e) {
              status = 422;
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
          });
      made.start();
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI sink() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/evowebservices");
  }

  List<TaskStatus> relays() {
    return supervisor.statuses();
  }

  /** The only relay of the stream. */
  TaskStatus relay(String stream) {
    List<TaskStatus> found = relays().stream().filter(each -> each.stream().equals(stream)).toList();
    if (found.size() != 1) {
      throw new AssertionError(stream + ": " + found);
    }
    return found.get(0);
  }

  boolean isRunning(String stream) {
    return relays().stream().anyMatch(each -> each.stream().equals(stream) && each.state().equals("running"));
  }

  int waiting() {
    return inbox.waiting();
  }

  void tidy() {
    ems.tidy(() -> relays().stream().map(TaskStatus::id).toList());
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
    inbox.close();
    supervisor.close();
    ems.close();
    writer.close();
  }
}
