package org.reelway.camel;

import org.apache.camel.BindToRegistry;
import org.reelway.camel.watch.Player;
import org.reelway.camel.watch.Watch;
import org.reelway.settings.Settings;
import org.reelway.settings.WorkflowSettings;

/** What viewers get of the streams of the live workflow. */
final class WatchFeature extends Feature {
  @BindToRegistry("watch")
  final Watch watch;

  @BindToRegistry("player")
  final Player player;

  /** @param workflow knows where else than here viewers find a stream */
  WatchFeature(Settings settings, StoreFeature store, LiveFeature live, WorkflowFeature workflow, HttpFeature http) {
    String folder = store.primary.configured.keyPrefix() + settings.get(WorkflowSettings.VIEWER_PREFIX) + "/";
    this.watch = new Watch(store.primary.bucket, folder, live.publishers::bucketOf, http.viewers);
    this.player = new Player(settings.get(WorkflowSettings.VIEWER_URL), workflow.api);
  }

  @Override
  void endStreams() {
    watch.close();
  }
}
