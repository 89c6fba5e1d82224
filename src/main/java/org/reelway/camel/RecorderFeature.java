package org.reelway.camel;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.apache.camel.BindToRegistry;
import org.reelway.camel.api.RecorderApi;
import org.reelway.media.process.Orphans;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.RecorderSettings;
import org.reelway.settings.RecorderSettings.RecordedBy;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.RoutingSettings;
import org.reelway.settings.ServerSettings;
import org.reelway.settings.Settings;
import org.reelway.stream.recorder.Recorders;
import org.reelway.stream.recorder.RecordingListener;
import org.reelway.stream.recorder.Rotation;
import org.reelway.stream.recorder.ServersThatRecord;
import org.reelway.stream.relay.SourceStream;
import org.reelway.stream.server.StreamRegistry;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.Totals;
import org.reelway.transfer.flow.WatchedFolders;

/** Recorders of single streams: media servers' own, and ffmpeg's. */
final class RecorderFeature extends Feature {
  private static final Duration GRACE = Duration.ofSeconds(5);
  /** Streams that are on are heard of by then. */
  private static final Duration QUIET = Duration.ofSeconds(30);

  @BindToRegistry("recorders")
  final RecorderApi api;

  @BindToRegistry("recorderSteps")
  final RecorderSteps steps;

  @BindToRegistry("reelwayRecordersHealth")
  final TasksHealth health;

  final Supervisor supervisor;
  private final ServersThatRecord servers;
  private final Recorders recorders;

  RecorderFeature(StateFeature state, FolderFeature disk, StreamRegistry registry, RecordingListener listener) {
    Settings settings = state.settings;
    Orphans orphans = new Orphans(state.instance());
    this.supervisor =
        new Supervisor("recorders", orphans, Supervision.limits(settings, RecorderSettings.MOST, GRACE), state.clock);
    this.servers =
        ServersThatRecord.make(
            settings.isSet(ServerSettings.API) ? settings.get(ServerSettings.API) : List.of(), state.instance(),
            state.folder.resolve("recorders/servers"), finished(disk.folders), listener, QUIET, state.clock);
    Path folder =
        Optional.ofNullable(settings.get(RecorderSettings.FOLDER))
            .orElseGet(() -> settings.get(RecordingSettings.FOLDER).get(0)).toAbsolutePath();
    Recorders.Terms usual =
        new Recorders.Terms(
            folder, settings.get(RecorderSettings.NAME), Rotation.of(settings.get(RecorderSettings.ROTATION)),
            settings.get(RecorderSettings.BY) == RecordedBy.SERVER);
    this.recorders =
        new Recorders(
            new Recorders.Plan(
                () -> registry.live().stream().map(SourceStream::of), settings.get(RoutingSettings.SOURCE),
                settings.get(RoutingSettings.STALL_AFTER), usual),
            supervisor, servers, () -> state.ffmpeg().ffmpeg(), orphans, state.folder.resolve("recorders"),
            (file, stream) -> disk.folders.markUnlessSent(file, stream, "recorder"), listener, state.clock);
    this.steps = new RecorderSteps(registry, disk.folders, recorders, folder);
    this.api = new RecorderApi(recorders, servers, supervisor::status);
    this.health = new TasksHealth("recorders", supervisor::statuses, state.clock);
    servers.all().forEach(by -> measure(by, state.metrics));
  }

  private static ServersThatRecord.Recordings finished(WatchedFolders folders) {
    return new ServersThatRecord.Recordings() {
      @Override
      public void finished(Path file, String stream) {
        folders.markUnlessSent(file, stream, "recorder");
      }

      @Override
      public void requireInside(Path file) {
        folders.requireInside(file);
      }
    };
  }

  /** @param by what records: ffmpeg, or a kind of media server */
  private void measure(String by, MeterRegistry metrics) {
    List<String> groups = servers.groups(by);
    Supervision.gauges(
        metrics, "reelway.recorders", "Streams that are recorded, by what records them and by state", Tags.of("by", by),
        supervisor, (all, state) -> groups.stream().mapToLong(group -> all.count(group, state)).sum());
    FunctionCounter.builder("reelway.recorder.bytes", supervisor, all -> sum(all, groups, Totals::bytes))
        .tag("by", by)
        .description("Bytes of media that were recorded, as far as media servers tell")
        .register(metrics);
    FunctionCounter.builder("reelway.recorder.restarts", supervisor, all -> sum(all, groups, Totals::restarts))
        .tag("by", by)
        .description("Runs of recorders that had to be begun anew")
        .register(metrics);
  }

  private static double sum(Supervisor supervisor, List<String> groups, ToLongFunction<Totals> what) {
    Map<String, Totals> totals = supervisor.totals();
    return groups.stream().map(totals::get).filter(Objects::nonNull).mapToLong(what).sum();
  }

  @Override
  Optional<NodeSettings.Role> role() {
    return Optional.of(NodeSettings.Role.INGEST);
  }

  /** Folders are watched by now. */
  @Override
  void begin() {
    recorders.recover();
    supervisor.begin();
  }

  /** Last files are finished and marked, and sent after the next start. */
  @Override
  void endStreams() {
    supervisor.close();
    servers.close();
  }
}
