package org.reelway.camel;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.reelway.camel.api.RecordingsApi;
import org.reelway.camel.reload.RecordingsRest;
import org.reelway.media.ffmpeg.Thumbnails;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.StateSettings;
import org.reelway.transfer.flow.HistoryRetention;
import org.reelway.transfer.flow.RecordingFlow;
import org.reelway.transfer.flow.RestartPolicy;
import org.reelway.transfer.flow.SendAgain;
import org.reelway.transfer.flow.StoreReturn;
import org.reelway.transfer.flow.StoreWay;

/** A recording's way from its marker into the store, as the steps of routes take it. */
final class RecordingFeature extends Feature {
  private static final Duration REST_WITHOUT_SETTLE_TIME = Duration.ofMinutes(1);

  final StateFeature state;
  final FolderFeature disk;
  final RecordingFlow flow;
  final RestartPolicy restartPolicy;
  final OperatorPrograms programs;
  final RecordingsRest rest;

  @BindToRegistry("recordingSteps")
  final RecordingSteps steps;

  @BindToRegistry("recordings")
  final RecordingsApi api;

  @BindToRegistry("recordingThumbnail")
  final RecordingThumbnail thumbnail;

  @BindToRegistry("housekeeping")
  final Housekeeping housekeeping;

  @BindToRegistry("reelwayProgramsHealth")
  final GuardedHealth programsHealth;

  final TelemetryFeature telemetry;
  private CamelContext camel;

  RecordingFeature(
      StateFeature state, StoreFeature store, FolderFeature disk, TransferFeature transfers, BackupFeature backup,
      TelemetryFeature telemetry, FleetFeature fleet) {
    this.state = state;
    this.disk = disk;
    this.telemetry = telemetry;
    Duration settleTime = state.settings.get(RecordingSettings.SETTLE_TIME);
    this.flow =
        new RecordingFlow(
            store.all().stream().collect(Collectors.toMap(
                each -> each.name, each -> new StoreWay(transfers.into(each.name), each.outlook, backup.second(each.name)))),
            disk.markers, state.history, disk.finished, transfers.backoff,
            // Also for files that nobody waits for without a marker.
            settleTime.isZero() ? REST_WITHOUT_SETTLE_TIME : settleTime,
            state.clock, state.stopping::get);
    this.restartPolicy =
        new RestartPolicy(
            state.settings.get(RecordingSettings.ON_RESTART), disk.markers, disk.claims, store.directory, state.history,
            disk.finished);
    this.rest = new RecordingsRest(transfers.all());
    this.programs = OperatorPrograms.make(state, disk, flow);
    this.steps = new RecordingSteps(flow, disk.folders, programs, store);
    this.programsHealth = programs.health();
    this.api =
        new RecordingsApi(
            state.history, transfers.live,
            new SendAgain(
                state.history, disk.folders, disk.finished,
                id -> backup.copies.find(id).filter(copy -> copy.returned() == null).isPresent()),
            backup.copies, programs::view, telemetry::trace, fleet.others);
    this.thumbnail = new RecordingThumbnail(new Thumbnails(state::ffmpeg));
    this.housekeeping =
        new Housekeeping(
            disk.folders,
            store.all().stream()
                .map(each -> new StoreReturn(each.store, each.bucket, each.outlook, disk.folders)).toList(),
            store.all().stream().map(each -> each.aborts).toList(),
            new HistoryRetention(state.history, disk.finished), state.settings.get(StateSettings.HISTORY));
  }

  @Override
  boolean isOfTransfers() {
    return true;
  }

  @Override
  Optional<NodeSettings.Role> role() {
    return Optional.of(NodeSettings.Role.INGEST);
  }

  @Override
  void configure(CamelContext camel) {
    this.camel = camel;
  }

  @Override
  void begin() {
    programs.sayIfUnused(camel);
  }

  @Override
  void drain() {
    programs.drain();
  }

  @Override
  void close() {
    programs.close();
  }
}
