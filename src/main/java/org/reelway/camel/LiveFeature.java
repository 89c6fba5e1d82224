package org.reelway.camel;

import io.micrometer.core.instrument.Gauge;
import java.util.Optional;
import org.apache.camel.BindToRegistry;
import org.reelway.live.LiveMetrics;
import org.reelway.settings.LiveSettings;
import org.reelway.settings.NodeSettings;

/** Live streams into the store. */
final class LiveFeature extends Feature {
  @BindToRegistry("live")
  final LivePublishers publishers;

  @BindToRegistry("reelwayLiveHealth")
  final LiveHealth health;

  LiveFeature(StateFeature state, StoreFeature store, FolderFeature disk) {
    this.publishers =
        new LivePublishers(
            state.settings, store.primary.s3, store.primary.capabilities, disk.folders, new LiveMetrics(state.metrics), state.clock);
    this.health = new LiveHealth(publishers::statuses, state.settings.get(LiveSettings.GAP_AFTER), state.clock);
    Gauge.builder("reelway.live.streams", publishers, LivePublishers::streams)
        .description("Live playlists that are published and have not ended")
        .register(state.metrics);
    Gauge.builder("reelway.live.chunks.waiting", publishers, LivePublishers::waitingChunks)
        .description("Live chunks that wait to be sent")
        .register(state.metrics);
    Gauge.builder("reelway.live.behind.seconds", publishers, all -> all.longestBehind().toMillis() / 1000.0)
        .description("How long the playlist that is worst off has had something newer that cannot be published yet")
        .register(state.metrics);
  }

  @Override
  Optional<NodeSettings.Role> role() {
    return Optional.of(NodeSettings.Role.INGEST);
  }

  @Override
  void drain() {
    publishers.drain();
  }
}
