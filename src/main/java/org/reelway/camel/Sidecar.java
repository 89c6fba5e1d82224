package org.reelway.camel;

import io.micrometer.core.instrument.Gauge;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.spi.CamelBeanPostProcessor;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.util.StringHelper;
import org.reelway.camel.GuardedHealth.Scope;
import org.reelway.camel.reload.SwappableContext;
import org.reelway.failure.InputFailure;
import org.reelway.failure.ListBound;
import org.reelway.failure.OurFailure;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.NodeSettings.Role;
import org.reelway.settings.Settings;
import org.reelway.state.RecordingHistory;
import org.reelway.stream.workflow.StreamDriver;
import org.reelway.transfer.flow.WatchedFolders;
import org.reelway.transfer.observe.LiveTransfers;
import org.reelway.transfer.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running program: its features, and Camel with the routes of the folder. */
public final class Sidecar implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sidecar.class);
  /** The routes without which no recording travels. */
  private static final List<String> EXPECTED_ROUTES =
      List.of("recordings-hook", "recordings-rescan", "recordings-transfer", "recordings-verified");

  private static final Set<String> SCHEDULES = Set.of("quartz", "timer", "scheduler", "cron");

  private final Settings settings;
  private final Path home;
  private final Main main = new Main() {
    @Override
    protected CamelContext createCamelContext() {
      SwappableContext context = new SwappableContext();
      context.getCamelContextExtension().setRegistry(registry);
      return context;
    }
  };
  /** In the order in which they begin. */
  private final List<Feature> features = new ArrayList<>();
  private final StateFeature state;
  private final StoreFeature store;
  private final FolderFeature disk;
  private final TransferFeature transfers;
  private final HttpFeature http;

  /** @param home where relative folders of routes and kamelets are taken from when they are not in the working folder */
  public Sidecar(Settings settings, Path home) {
    this(settings, home, Optional.empty(), null);
  }

  /** @param errors of the routes and kamelets in their folders now: asked before an edit is put into force */
  public Sidecar(Settings settings, Path home, Supplier<List<String>> errors) {
    this(settings, home, Optional.empty(), errors);
  }

  /** @param driver of the live workflow in place of that of the settings */
  Sidecar(Settings settings, Path home, Optional<StreamDriver> driver) {
    this(settings, home, driver, null);
  }

  private Sidecar(Settings settings, Path home, Optional<StreamDriver> driver, Supplier<List<String>> errors) {
    this.settings = settings;
    this.home = home;
    http = new HttpFeature(settings);
    add(new LogFeature(settings));
    state = add(new StateFeature(settings, home));
    FleetFeature fleet = add(new FleetFeature(state, http::advertised));
    store = add(new StoreFeature(state));
    disk = add(new FolderFeature(state));
    TelemetryFeature telemetry = add(new TelemetryFeature(state));
    transfers = add(new TransferFeature(state, store, disk, telemetry));
    CallbackFeature callbacks = add(new CallbackFeature(state, telemetry));
    BackupFeature backup = add(new BackupFeature(state, store, disk, transfers));
    RecordingFeature recordings = add(new RecordingFeature(state, store, disk, transfers, backup, telemetry, fleet));
    RetentionFeature retention = add(new RetentionFeature(state, store, disk, backup));
    add(new JanitorFeature(state, store, disk, transfers));
    add(new RepairFeature(state, disk));
    LiveFeature live = add(new LiveFeature(state, store, disk));
    EventFeature events = new EventFeature(state, fleet, disk, live.publishers.told());
    RelayFeature relays = add(new RelayFeature(state, events, fleet));
    RecorderFeature recorders = add(new RecorderFeature(state, disk, events.registry, callbacks.recorderEvents()));
    add(new QueueFeature(state));
    MixerFeature mixer = add(new MixerFeature(state, store, disk, transfers, callbacks));
    MultiRecorderFeature multiRecorders = add(new MultiRecorderFeature(state, events, callbacks.events, mixer.steps));
    WorkflowFeature workflow = add(new WorkflowFeature(
        state, store, new WorkflowDrivers(state, store, disk, new LocalDrivers(state, store, live, disk, http)), fleet, driver));
    add(new WatchFeature(settings, store, live, workflow, http));
    ReloadFeature reload =
        add(new ReloadFeature(
            state, recordings, events, http, CamelProperties.routes(settings, home), CamelProperties.kamelets(settings, home), errors));
    add(new DashboardFeature(
        state, store, disk, callbacks, backup, recordings, retention, live, relays, recorders, mixer, multiRecorders, workflow,
        http, reload, fleet));
    add(new JmxFeature(settings, http));
    // Whoever acts on events has begun by then, and requests come last.
    add(events);
    add(http);
    main.bind(
        "reelwayRoutesHealth",
        new RoutesHealth(state.has(Role.INGEST) ? EXPECTED_ROUTES : List.of(), main::getCamelContext));
    main.bind("reelwayListsHealth", listsHealth(bounds()));
    main.bind("reelway", new ReelwayComponent());
    main.addMainListener(new Configuration());
    // Whoever runs it stops it; Camel's hook would wait for that, after a signal in the middle of a start for nothing.
    main.setShutdownStrategy(new SimpleMainShutdownStrategy());
  }

  /** Earlier than Main binds what its own configuration classes have: its HTTP servers and metrics are made before that. */
  private final class Configuration extends MainListenerSupport {
    @Override
    public void beforeConfigure(BaseMainSupport main) {
      CamelBeanPostProcessor annotations = PluginHelper.getBeanPostProcessor(main.getCamelContext());
      for (Feature feature : features) {
        try {
          annotations.postProcessBeforeInitialization(feature, feature.getClass().getSimpleName());
        } catch (Exception e) {
          throw new OurFailure(feature.getClass() + " cannot be bound: " + e, e);
        }
        feature.configure(main.getCamelContext());
      }
      features.stream().filter(feature -> !runsHere(feature)).forEach(feature -> withoutHealth(feature, main.getCamelContext()));
    }

    /** What a sidecar does not do cannot be ill here. */
    private static void withoutHealth(Feature feature, CamelContext camel) {
      Arrays.stream(feature.getClass().getDeclaredFields())
          .filter(field -> HealthCheck.class.isAssignableFrom(field.getType()))
          .map(field -> field.getAnnotation(BindToRegistry.class))
          .filter(Objects::nonNull)
          .forEach(bound -> camel.getRegistry().unbind(bound.value()));
    }
  }

  private boolean runsHere(Feature feature) {
    boolean isToSend = feature.isOfTransfers() && NodeSettings.sends(settings);
    return isToSend || feature.role().map(state::has).orElse(true);
  }

  private <F extends Feature> F add(F feature) {
    features.add(feature);
    main.bind(feature.getClass().getSimpleName(), feature);
    return feature;
  }

  /** Every list that others can make longer, and that may be full. */
  private List<ListBound> bounds() {
    List<ListBound> all = features.stream().flatMap(feature -> feature.bounds().stream()).toList();
    all.stream().collect(Collectors.groupingBy(ListBound::list)).forEach((list, bounds) ->
        Gauge.builder("reelway.list.full", bounds, each -> each.stream().anyMatch(ListBound::isFull) ? 1 : 0)
            .strongReference(true)
            .tag("list", list)
            .description("1 while a list that others can make longer is full, and more was refused")
            .register(state.metrics));
    return all;
  }

  /** Down while such a list is full: after a restart it is as long as before. */
  private static GuardedHealth listsHealth(List<ListBound> bounds) {
    return new GuardedHealth("lists", Scope.TOLD, builder -> {
      List<String> full = bounds.stream().filter(ListBound::isFull).map(ListBound::words).toList();
      if (full.isEmpty()) {
        builder.up();
      } else {
        builder.message(String.join("; ", full)).down();
      }
    });
  }

  /** Returns once every route runs. */
  public void start() {
    main.configure().setName("reelway");
    main.setDefaultPropertyPlaceholderLocation("false");
    CamelProperties.main(settings, home).forEach(main::addInitialProperty);
    http.properties().forEach(main::addInitialProperty);
    features.stream().filter(this::runsHere).forEach(Feature::recover);
    try {
      main.start();
      http.requireListening();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    requireRoutes();
    features.stream().filter(this::runsHere).forEach(Feature::begin);
  }

  /** An empty or foreign routes folder starts happily; a sidecar that carries nothing must not. */
  private void requireRoutes() {
    if (main.getCamelContext().getRoutes().isEmpty()) {
      close();
      throw new InputFailure(
          "no route is in " + CamelProperties.routes(settings, home)
              + "; set reelway.routes.folder to the folder of *.camel.yaml");
    }
  }

  public CamelContext camelContext() {
    return main.getCamelContext();
  }

  /** The recordings' stories. */
  public RecordingHistory history() {
    return state.history;
  }

  /** The store of the settings. */
  public Store store() {
    return store.primary.store;
  }

  /** The folders that routes watch now. */
  public WatchedFolders folders() {
    return disk.folders;
  }

  /** The transfers under way. */
  public LiveTransfers transfers() {
    return transfers.live;
  }

  /** Where the API and hooks answer. */
  public URI http() {
    return http.http();
  }

  /** Where health, metrics and Jolokia answer, below {@code /observe}. */
  public URI management() {
    return http.management();
  }

  /** From now on nothing is begun; returns at once. */
  public void drain() {
    if (!state.stopping.get()) {
      forEach(features, Feature::drain);
    }
  }

  /**
   * Finishes the parts that are under way, within the drain time, and ends. What is not finished by then goes on after the
   * next start.
   */
  @Override
  public void close() {
    drain();
    try {
      endSchedules();
    } catch (RuntimeException e) {
      LOG.warn("a schedule did not end: {}", e.toString());
    }
    backwards(Feature::endStreams);
    http.refuse();
    try {
      main.stop();
    } catch (RuntimeException e) {
      throw new OurFailure("stopping failed: " + e, e);
    } finally {
      backwards(Feature::close);
    }
  }

  private void backwards(Consumer<Feature> ending) {
    List<Feature> last = new ArrayList<>(features);
    Collections.reverse(last);
    forEach(last, ending);
  }

  /** One that fails keeps no other from ending. */
  private static void forEach(List<Feature> features, Consumer<Feature> ending) {
    for (Feature feature : features) {
      try {
        ending.accept(feature);
      } catch (RuntimeException e) {
        LOG.error("{} did not end as it should: {}", feature.getClass().getSimpleName(), e.toString(), e);
      }
    }
  }

  /** No tick begins any more; what they use is closed next. */
  private void endSchedules() {
    CamelContext context = main.getCamelContext();
    if (context == null) {
      return;
    }
    for (Route route : context.getRoutes()) {
      if (SCHEDULES.contains(StringHelper.before(route.getEndpoint().getEndpointUri(), ":", ""))) {
        ServiceHelper.stopService(route.getConsumer());
      }
    }
  }
}
