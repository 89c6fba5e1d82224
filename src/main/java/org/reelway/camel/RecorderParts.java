package org.reelway.camel;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.reelway.media.process.Orphans;
import org.reelway.settings.RecorderSettings;
import org.reelway.settings.RecorderSettings.RecordedBy;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.RotationLimit;
import org.reelway.settings.RoutingSettings;
import org.reelway.settings.ServerSettings;
import org.reelway.settings.Settings;
import org.reelway.state.InstanceId;
import org.reelway.stream.recorder.Recorders;
import org.reelway.stream.recorder.RecordingListener;
import org.reelway.stream.recorder.Rotation;
import org.reelway.stream.recorder.ServersThatRecord;
import org.reelway.stream.relay.SourceStream;
import org.reelway.stream.server.StreamRegistry;
import org.reelway.stream.supervise.Limits;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.TaskStatus;
import org.reelway.stream.supervise.Totals;
import org.reelway.transfer.Backoff;
import org.reelway.transfer.flow.WatchedFolders;

/** Recorders, as settings, metrics, health, {@code GET /recorders} and the REST calls of WCS see them. */
public final class RecorderParts implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration HEALTHY_AFTER = Duration.ofSeconds(30);

  /** Streams that are on are heard of by then. */
  private static final Duration QUIET = Duration.ofSeconds(30);

  private final Supervisor supervisor;
  private final ServersThatRecord servers;
  private final Recorders recorders;
  private final RecorderSteps steps;
  private final Clock clock;

  private RecorderParts(
      Supervisor supervisor, ServersThatRecord servers, Recorders recorders, RecorderSteps steps, Clock clock) {
    this.supervisor = supervisor;
    this.servers = servers;
    this.recorders = recorders;
    this.steps = steps;
    this.clock = clock;
  }

  /** @param state folder of our own */
  static RecorderParts make(
      Settings settings, Path state, StreamRegistry registry, WatchedFolders folders, RecordingListener listener,
      MeterRegistry metrics, Clock clock) {
    Orphans orphans = new Orphans(InstanceId.of(state));
    Supervisor supervisor = new Supervisor("recorders", orphans, limits(settings), clock);
    Path folder =
        Optional.ofNullable(settings.get(RecorderSettings.FOLDER))
            .orElseGet(() -> settings.get(RecordingSettings.FOLDER).get(0)).toAbsolutePath();
    Recorders.Terms usual =
        new Recorders.Terms(
            folder, settings.get(RecorderSettings.NAME), rotation(settings.get(RecorderSettings.ROTATION)),
            settings.get(RecorderSettings.BY) == RecordedBy.SERVER);
    ServersThatRecord servers = servers(settings, state, folders, listener, clock);
    Recorders recorders =
        new Recorders(
            new Recorders.Plan(
                () -> registry.live().stream().map(SourceStream::of), settings.get(RoutingSettings.SOURCE),
                settings.get(RoutingSettings.STALL_AFTER), usual),
            supervisor, servers, () -> RepairParts.programs(state).ffmpeg(), orphans, state.resolve("recorders"),
            (file, stream) -> folders.markUnlessSent(file, stream, "recorder"), listener, clock);
    register(supervisor, servers, metrics);
    return new RecorderParts(supervisor, servers, recorders, new RecorderSteps(registry, folders, recorders, folder), clock);
  }

  private static ServersThatRecord servers(
      Settings settings, Path state, WatchedFolders folders, RecordingListener listener, Clock clock) {
    ServersThatRecord.Recordings recordings =
        new ServersThatRecord.Recordings() {
          @Override
          public void finished(Path file, String stream) {
            folders.markUnlessSent(file, stream, "recorder");
          }

          @Override
          public void requireInside(Path file) {
            folders.requireInside(file);
          }
        };
    return ServersThatRecord.make(
        settings.isSet(ServerSettings.API) ? settings.get(ServerSettings.API) : List.of(),
        InstanceId.of(state), state.resolve("recorders/servers"),
        recordings, listener, QUIET, clock);
  }

  static Rotation rotation(RotationLimit limit) {
    return new Rotation(limit.seconds(), limit.bytes());
  }

  private static Limits limits(Settings settings) {
    Duration longest = settings.get(RoutingSettings.RETRY_MAX);
    Duration second = Duration.ofSeconds(1);
    return new Limits(
        settings.get(RecorderSettings.MOST), settings.get(RoutingSettings.STALL_AFTER), GRACE,
        new Backoff(longest.compareTo(second) < 0 ? longest : second, longest), HEALTHY_AFTER);
  }

  private static void register(Supervisor supervisor, ServersThatRecord servers, MeterRegistry metrics) {
    for (String by : servers.all()) {
      List<String> groups = servers.groups(by);
      for (String state : List.of("starting", "running", "incomplete", "waiting", "stopping")) {
        Gauge.builder(
                "reelway.recorders", supervisor, all -> groups.stream().mapToLong(group -> all.count(group, state)).sum())
            .tag("by", by)
            .tag("state", state)
            .description("Streams that are recorded, by what records them and by state")
            .register(metrics);
      }
      FunctionCounter.builder("reelway.recorder.bytes", supervisor, all -> sum(all, groups, Totals::bytes))
          .tag("by", by)
          .description("Bytes of media that were recorded, as far as media servers tell")
          .register(metrics);
      FunctionCounter.builder("reelway.recorder.restarts", supervisor, all -> sum(all, groups, Totals::restarts))
          .tag("by", by)
          .description("Runs of recorders that had to be begun anew")
          .register(metrics);
    }
  }

  private static double sum(Supervisor supervisor, List<String> groups, ToLongFunction<Totals> what) {
    Map<String, Totals> totals = supervisor.totals();
    return groups.stream().map(totals::get).filter(Objects::nonNull).mapToLong(what).sum();
  }

  /** @param folders are watched by now */
  void begin() {
    recorders.recover();
    supervisor.begin();
  }

  /** What routes do with streams. */
  RecorderSteps steps() {
    return steps;
  }

  RecorderApi api() {
    return new RecorderApi(recorders, servers, supervisor::status);
  }

  List<TaskStatus> statuses() {
    return supervisor.statuses();
  }

  TasksHealth health() {
    return new TasksHealth("recorders", this::statuses, clock);
  }

  /** Last files are finished and marked, and sent after the next start. */
  @Override
  public void close() {
    supervisor.close();
    servers.close();
  }
}
