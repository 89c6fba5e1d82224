package org.reelway.camel;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.reelway.camel.DashboardParts.Live;
import org.reelway.camel.DashboardParts.Some;
import org.reelway.camel.api.StreamRecord;
import org.reelway.camel.dashboard.Dashboard;
import org.reelway.camel.dashboard.DashboardEvents;
import org.reelway.camel.dashboard.DashboardFiles;
import org.reelway.camel.dashboard.DashboardPage;
import org.reelway.camel.dashboard.DashboardSamples;
import org.reelway.camel.dashboard.RouteFlows;
import org.reelway.camel.dashboard.Thrifty;
import org.reelway.camel.http.HealthHandler;
import org.reelway.camel.http.HttpPaths;
import org.reelway.settings.NodeSettings;
import org.reelway.transfer.bandwidth.Bandwidth;
import org.reelway.transfer.flow.Backlog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The page at {@code /}: what is happening now, what happened, and what can be done about it. */
final class DashboardFeature extends Feature {
  private static final Logger LOG = LoggerFactory.getLogger(DashboardFeature.class);
  /** One more than dashboard.js shows: there are more then. */
  private static final int FIRST_PAGE = 26;
  private static final Duration SAMPLE_EVERY = Duration.ofSeconds(10);

  @BindToRegistry("dashboard")
  final Dashboard dashboard;

  @BindToRegistry("dashboardPage")
  final DashboardPage page;

  private final DashboardSamples samples = new DashboardSamples();
  private final DashboardFiles files = new DashboardFiles();
  private final DashboardEvents events;
  private final Map<String, Supplier<?>> parts = new LinkedHashMap<>();
  private final StateFeature state;
  private final HttpFeature http;
  private final Bandwidth bandwidth;
  private final Backlog backlog;
  private final LivePublishers live;
  private CamelContext camel;

  DashboardFeature(
      StateFeature state, StoreFeature store, FolderFeature disk, CallbackFeature callbacks, BackupFeature backup,
      RecordingFeature recordings, RetentionFeature retention, LiveFeature live, RelayFeature relays,
      RecorderFeature recorders, MixerFeature mixes, MultiRecorderFeature multiRecorders, WorkflowFeature workflow,
      HttpFeature http, ReloadFeature reload, FleetFeature fleet) {
    this.state = state;
    this.http = http;
    this.bandwidth = store.bandwidth;
    this.backlog = disk.backlog;
    this.live = live.publishers;
    parts.put("version", DashboardFeature::version);
    part("health", () -> HealthHandler.down(camel));
    part("counts", state.history::countByState);
    parts.put("transferring", () -> Some.of(recordings.api.transferring()));
    parts.put("waiting", () -> DashboardParts.Waiting.of(backlog));
    parts.put("live", () -> Some.of(live.publishers.statuses().stream().map(Live::of).toList()));
    part("streams", () -> Some.of(
        workflow.api.list("1000", "", "false", null).stream().map(StreamRecord.class::cast).map(DashboardParts.WorkflowStream::of).toList()));
    parts.put("relays", () -> Some.of(relays.api.list().relays()));
    parts.put("recorders", () -> Some.of(recorders.api.list().recorders()));
    parts.put("multirecorders", () -> Some.of(multiRecorders.api.list().multirecorders()));
    part("mixes", () -> Some.of(mixes.api.list().mixes()));
    part("callbacks", () -> DashboardParts.Callbacks.of(callbacks.api));
    part("backup", () -> DashboardParts.Backup.of(backup.api));
    part("folders", () -> Some.of(disk.api.list().folders()));
    part("disks", () -> DashboardParts.Disk.of(retention.levels));
    parts.put("bandwidth", store.api::show);
    parts.put("actions", () -> Some.of(http.audit.newest()));
    parts.put("routes", reload::shown);
    parts.put("stores", () -> Some.of(store.all().stream().map(DashboardParts.StoreNow::of).toList()));
    part("nodes", () -> DashboardParts.Nodes.of(fleet.api.list()));
    this.dashboard = new Dashboard(parts, samples, new RouteFlows(() -> camel));
    this.page = new DashboardPage(files, dashboard::now, () -> recordings.api.newest(FIRST_PAGE), http.json);
    this.events = new DashboardEvents(http.vertx, dashboard::now, http.json);
  }

  /** One that takes the longer the more there is. */
  private void part(String name, Supplier<?> part) {
    parts.put(name, new Thrifty<>(part));
  }

  private static String version() {
    return Optional.ofNullable(DashboardFeature.class.getPackage().getImplementationVersion()).orElse("");
  }

  @Override
  Optional<NodeSettings.Role> role() {
    return Optional.of(NodeSettings.Role.API);
  }

  @Override
  void configure(CamelContext camel) {
    this.camel = camel;
  }

  /** Camel's server is there by now. */
  @Override
  void begin() {
    String name = VertxPlatformHttpRouter.getRouterNameFromPort(http.http().getPort());
    VertxPlatformHttpRouter router = VertxPlatformHttpRouter.lookup(camel, name);
    router.get(HttpPaths.DASHBOARD_EVENTS).handler(events);
    router.route(DashboardFiles.PATHS).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(files);
    Vertx vertx = http.vertx;
    vertx.setPeriodic(SAMPLE_EVERY.toMillis(), turn -> vertx.executeBlocking(this::sample, false));
  }

  private Void sample() {
    try {
      Instant now = state.clock.instant();
      samples.take(
          now, bandwidth.sent(), DashboardParts.delaySeconds(live, now.minus(SAMPLE_EVERY)), backlog.pendingBytes(),
          backlog.recordings());
    } catch (RuntimeException e) {
      LOG.debug("there is no sample for the dashboard's plots: {}", e.toString());
    }
    return null;
  }

  @Override
  void drain() {
    events.end();
  }
}
