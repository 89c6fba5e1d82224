package org.reelway.camel;

import java.time.Duration;
import java.util.Optional;
import org.apache.camel.BindToRegistry;
import org.reelway.camel.api.Repairs;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;
import org.reelway.media.repair.MediaRepair;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.RepairSettings;
import org.reelway.settings.Settings;
import org.reelway.transfer.flow.RepairFlow;
import org.reelway.transfer.observe.RepairMetrics;

/** The repair of recordings whose writer died. */
final class RepairFeature extends Feature {
  private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(5);
  private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
  private static final int LOOKS = 12;
  /** Generous: at the lowest priority, on a busy machine. */
  private static final Duration DEADLINE = Duration.ofHours(4);

  @BindToRegistry("repairs")
  final Repairs repairs;

  /** Empty where repair is switched off. */
  private final Optional<RepairFlow> flow;

  RepairFeature(StateFeature state, FolderFeature disk) {
    Duration after = state.settings.get(RepairSettings.AFTER);
    this.flow = after.isZero() ? Optional.empty() : Optional.of(flow(after, state, disk));
    this.repairs = new Repairs(flow);
    flow.ifPresent(it -> disk.whenHeldBack(it::heldBack));
  }

  private static RepairFlow flow(Duration after, StateFeature state, FolderFeature disk) {
    return RepairFlow.of(
        after, state.settings.get(RepairSettings.SUFFIX), state.folder.resolve("repair"), disk.markersFolder,
        disk.folders, disk.markers, disk.finished, disk.intake, state.history,
        () -> new MediaRepair(new BackgroundFfmpeg(state.ffmpeg(), DEADLINE)), new RepairMetrics(state.metrics),
        state.clock);
  }

  /** Often enough for several looks within the waiting time, seldom enough to cost nothing. */
  static Duration lookEvery(Settings settings) {
    Duration after = settings.get(RepairSettings.AFTER);
    Duration wanted = after.dividedBy(LOOKS);
    if (after.isZero() || wanted.compareTo(LONGEST_INTERVAL) > 0) {
      return LONGEST_INTERVAL;
    }
    return wanted.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : wanted;
  }

  @Override
  Optional<NodeSettings.Role> role() {
    return Optional.of(NodeSettings.Role.INGEST);
  }

  @Override
  void close() {
    flow.ifPresent(RepairFlow::close);
  }
}
