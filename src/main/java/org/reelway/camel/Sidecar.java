package org.reelway.camel;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.util.StringHelper;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.settings.CallbackSettings;
import org.reelway.settings.HttpSettings;
import org.reelway.settings.LiveSettings;
import org.reelway.settings.ManagementSettings;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.RouteSettings;
import org.reelway.settings.ServerSettings;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;
import org.reelway.settings.ShutdownSettings;
import org.reelway.settings.StateSettings;
import org.reelway.stream.server.EventLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running program: the domain, Camel with the routes of the folder, and the two HTTP servers. */
public final class Sidecar implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sidecar.class);
  /** The routes without which no recording travels. */
  static final List<String> EXPECTED_ROUTES =
      List.of("recordings-hook", "recordings-rescan", "recordings-transfer", "recordings-verified");

  private static final Set<String> SCHEDULES = Set.of("quartz", "timer", "scheduler", "cron");

  private final Settings settings;
  private final Path home;
  private final Domain domain;
  private final int httpPort;
  private final int managementPort;
  private final Vertx vertx;
  private final HttpGuard httpGuard;
  private final HttpGuard managementGuard;
  private final Main main;

  /** @param home where relative folders of routes and kamelets are taken from when they are not in the working folder */
  public Sidecar(Settings settings, Path home) {
    this.settings = settings;
    this.home = home;
    this.httpPort = port(settings, HttpSettings.HOST, HttpSettings.PORT);
    this.managementPort = port(settings, ManagementSettings.HOST, ManagementSettings.PORT);
    this.domain = new Domain(settings);
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(2)
                .setWorkerPoolSize(8)
                .setInternalBlockingPoolSize(4)
                // Nothing is served from files, so nothing needs a cache folder outside of ours.
                .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    this.httpGuard = new HttpGuard(settings.get(HttpSettings.USERNAME), settings.get(HttpSettings.PASSWORD));
    this.managementGuard =
        new HttpGuard(settings.get(ManagementSettings.USERNAME), settings.get(ManagementSettings.PASSWORD));
    this.main = new Main();
    // Whoever runs it stops it; Camel's hook would wait for that, after a signal in the middle of a start for nothing.
    main.setShutdownStrategy(new SimpleMainShutdownStrategy());
  }

  /** Tried out here: Camel's servers only log that they could not listen, and the start goes on without them. */
  private static int port(Settings settings, Setting<String> host, Setting<Integer> port) {
    try (ServerSocket socket =
        new ServerSocket(settings.get(port), 1, InetAddress.getByName(settings.get(host)))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new InputFailure(
          port.key() + " is " + settings.get(port) + " and " + host.key() + " is \"" + settings.get(host)
              + "\": nothing can listen there (" + e.getMessage() + "); end the program that does, or set another port",
          e);
    }
  }

  /** Returns once every route runs. */
  public void start() {
    main.configure().setName("reelway");
    main.setDefaultPropertyPlaceholderLocation("false");
    properties().forEach(main::addInitialProperty);
    prepare(main);
    domain.events().recover();
    try {
      main.start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    requireRoutes();
    domain.programs().sayIfUnused(main.getCamelContext());
    domain.callbacks().begin();
    domain.relays().begin();
    domain.recorders().begin();
    domain.mixer().begin();
    domain.multiRecorders().begin();
    domain.events().begin();
    domain.relays().streamsAreKnown();
    domain.checkBucket();
    httpGuard.open();
    managementGuard.open();
  }

  /** An empty or foreign routes folder starts happily; a sidecar that carries nothing must not. */
  private void requireRoutes() {
    if (main.getCamelContext().getRoutes().isEmpty()) {
      close();
      throw new InputFailure("no route is in " + routesFolder() + "; set reelway.routes.folder to the folder of *.camel.yaml");
    }
  }

  private void prepare(Main main) {
    main.bind("vertx", new Http1Vertx(vertx, HttpLimits.ofProcess()));
    main.bind("httpServers", new GuardedHttpServers(httpGuard, managementGuard));
    main.bind("apiJson", ApiJson.mapper());
    main.bind("restAnswers", new RestAnswers());
    main.bind("metricsRegistry", domain.metrics());
    // aws2-s3 endpoints of routes find both by their types.
    main.bind("storeClient", domain.storeClient().forRoutes(() -> !main.isStarted()));
    main.bind("storePresigner", domain.storeClient().presigner());
    main.bind("reelwayStoreHealth", domain.storeHealth());
    main.bind("reelwayRoutesHealth", new RoutesHealth(EXPECTED_ROUTES, main::getCamelContext));
    main.bind("reelwayUploadsHealth", new UploadsHealth(domain.janitor()));
    main.bind("reelwayDiskHealth", domain.retention().health());
    main.bind("reelwayBackupHealth", domain.backup().health());
    main.bind("reelwayBacklogHealth", new BacklogHealth(domain.backlog(), domain.history()::setAside));
    main.bind("reelwayFoldersHealth", new FoldersHealth(domain.folders()));
    main.bind("reelwayLiveHealth", domain.liveParts().health());
    main.bind("live", domain.liveParts());
    main.bind("manifestSteps", domain.manifestSteps());
    main.bind("recordingThumbnail", AuditParts.thumbnail(settings));
    main.bind("events", domain.events().api());
    main.bind("streams", domain.events().streams());
    main.bind("eventLog", eventLog());
    main.bind("reelwayListsHealth", domain.listsHealth());
    main.bind("reelwayStateHealth", domain.stateHealth());
    main.bind("reelwayProcessHealth", domain.processHealth());
    main.bind("reelwayServersHealth", domain.events().health());
    main.bind("reelwayRelaysHealth", domain.relays().health());
    RouteFailures failures = new RouteFailures();
    main.bind("failures", failures);
    main.bind("sourceFailures", new SourceFailures(failures));
    main.bind("relays", domain.relays());
    main.bind("fanOut", domain.relays().steps());
    main.bind("streamNames", new StreamNames());
    main.bind("recorders", domain.recorders().api());
    main.bind("reelwayRecordersHealth", domain.recorders().health());
    main.bind("callbacks", domain.callbacks().api());
    main.bind("conferenceSteps", domain.mixer().steps());
    main.bind("callbackSteps", domain.callbacks().steps());
    main.bind("callbackClient", domain.callbacks().client());
    main.bind("reelwayCallbacksHealth", domain.callbacks().health());
    main.bind("multirecorders", domain.multiRecorders().api());
    main.bind("mixes", domain.mixer().api());
    main.bind("reelwayMixesHealth", domain.mixer().health());
    main.bind("reelwayProgramsHealth", domain.programs().health());
    main.bind("reelwayMultiRecordersHealth", domain.multiRecorders().health());
    beans(domain).forEach(main::bind);
  }

  private EventLog eventLog() {
    Path note = settings.get(StateSettings.FOLDER).toAbsolutePath().resolve("event-log.json");
    return settings.isSet(ServerSettings.EVENT_LOG)
        ? EventLog.open(note, settings.get(ServerSettings.EVENT_LOG))
        : EventLog.none();
  }

  private static Map<String, Object> beans(Domain domain) {
    return Map.of(
        "reelway", new ReelwayComponent(
            domain.recordingServices(), domain.liveParts(), domain.events(), domain.relays().steps(),
            domain.recorders().steps(), domain.callbacks().steps(), domain.mixer().steps()),
        "recordingHooks", new RecordingHooks(domain.folders()),
        "recordings", new RecordingsApi(domain.history(), domain.live(), domain.setAside(), domain.backup().copies(), domain.programs()),
        "backup", domain.backup().api(),
        "retention", domain.retention(),
        "janitor", domain.janitor(),
        "bandwidth", domain.bandwidthApi(),
        "repairs", new Repairs(domain.repair()),
        "recordingFolders", new FoldersApi(domain.folders()),
        "housekeeping", domain.housekeeping());
  }

  /** The same names for a trial build of routes, which calls none of them: nothing is opened, connected or started. */
  public static ReelwayComponent bindForTrial(CamelContext context) {
    RecordingServices none = 
        new RecordingServices(null, null, null, null, null, null, null, null, new ReturnedRecordings(), null, null, null);
    FanOutSteps fanOut = new RelayParts().steps();
    CallbackSteps callbacks = new CallbackSteps(null, null, null, null, null, null, null, null);
    ConferenceSteps conferences = new ConferenceSteps(null, null, null);
    ReelwayComponent component =
        new ReelwayComponent(
            none, new LiveParts(), null, fanOut, new RecorderSteps(null, null, null, null), callbacks, conferences);
    context.addComponent("reelway", component);
    context.getRegistry().bind("storeClient", StoreFactory.unconnected());
    context.getRegistry().bind("apiJson", ApiJson.mapper());
    context.getRegistry().bind("recordingHooks", new RecordingHooks(null));
    context.getRegistry().bind("manifestSteps", new ManifestSteps(null));
    context.getRegistry().bind("recordingThumbnail", new RecordingThumbnail(null));
    context.getRegistry().bind("recordings", new RecordingsApi(null, null, null, null, null));
    context.getRegistry().bind("backup", new BackupApi(null, Optional.empty(), Optional.empty(), null));
    context.getRegistry().bind("live", new LiveParts());
    context.getRegistry().bind("events", new EventsApi(null, null));
    context.getRegistry().bind("streams", new StreamsApi(null, null, null));
    context.getRegistry().bind("eventLog", EventLog.none());
    context.getRegistry().bind("relays", new RelayParts());
    context.getRegistry().bind("fanOut", fanOut);
    context.getRegistry().bind("streamNames", new StreamNames());
    context.getRegistry().bind("recorders", new RecorderApi(null, null, null));
    context.getRegistry().bind("callbacks", new CallbacksApi(null));
    context.getRegistry().bind("conferenceSteps", conferences);
    context.getRegistry().bind("callbackSteps", callbacks);
    context.getRegistry().bind("callbackClient", HttpClients.createMinimal());
    context.getRegistry().bind("multirecorders", new MultiRecorderApi(null, null));
    context.getRegistry().bind("mixes", new MixesApi(null));
    context.getRegistry().bind("retention", new RetentionParts());
    context.getRegistry().bind("janitor", new JanitorParts());
    context.getRegistry().bind("bandwidth", new BandwidthApi(null));
    context.getRegistry().bind("repairs", new Repairs(null));
    context.getRegistry().bind("failures", new RouteFailures());
    context.getRegistry().bind("recordingFolders", new FoldersApi(null));
    context.getRegistry().bind("housekeeping", new Housekeeping(null, null, null, null, null));
    return component;
  }

  private Map<String, String> properties() {
    Map<String, String> all = new LinkedHashMap<>();
    Duration drain = settings.get(ShutdownSettings.DRAIN_TIME);
    all.put("camel.main.routesIncludePattern", "file:" + routesFolder() + "/*.camel.yaml");
    all.put("camel.component.kamelet.location", "file:" + kameletsFolder());
    all.put("camel.main.startupSummaryLevel", "Off");
    all.put("camel.main.autoConfigurationLogSummary", "false");
    all.put("camel.main.shutdownTimeout", String.valueOf(Math.max(1, drain.toSeconds())));
    all.put("camel.main.shutdownLogInflightExchangesOnTimeout", "false");
    all.put("camel.main.jmxEnabled", "true");
    all.put("camel.health.exposureLevel", "full");
    all.put("camel.server.enabled", "true");
    all.put("camel.server.host", settings.get(HttpSettings.HOST));
    all.put("camel.server.port", String.valueOf(httpPort));
    all.put("camel.server.fileUploadEnabled", "false");
    all.put("camel.management.enabled", "true");
    all.put("camel.management.host", settings.get(ManagementSettings.HOST));
    all.put("camel.management.port", String.valueOf(managementPort));
    all.put("camel.management.healthCheckEnabled", "true");
    all.put("camel.management.jolokiaEnabled", "true");
    all.put("camel.management.metricsEnabled", "true");
    all.put("camel.management.infoEnabled", "true");
    all.put("camel.metrics.enabled", "true");
    all.put("camel.metrics.binders", "jvm-memory,processor,uptime");
    // Counts by endpoint URI: an operator's URI can hold a secret, and dynamic ones never end.
    all.put("camel.metrics.enableExchangeEventNotifier", "false");
    all.putAll(placeholders(settings));
    return all;
  }

  /** What {@code {{…}}} in routes may name: the operator's own keys, and ours. */
  public static Map<String, String> placeholders(Settings settings) {
    Map<String, String> all = new LinkedHashMap<>(settings.others());
    all.putAll(settings.placeholders());
    // Quartz counts in milliseconds.
    all.put(
        "reelway.recordings.rescan-every-ms",
        String.valueOf(settings.get(RecordingSettings.RESCAN_EVERY).toMillis()));
    all.put(
        "reelway.servers.ask-every-ms", String.valueOf(settings.get(ServerSettings.ASK_EVERY).toMillis()));
    all.put("reelway.servers.event-log-on", String.valueOf(settings.isSet(ServerSettings.EVENT_LOG)));
    all.put(
        "reelway.callbacks.link-expires-ms",
        String.valueOf(Optional.ofNullable(settings.get(CallbackSettings.LINK_EXPIRES)).map(Duration::toMillis).orElse(0L)));
    all.put("reelway.live.on", String.valueOf(settings.isSet(LiveSettings.FOLDER)));
    all.put("reelway.repair.look-every-ms", String.valueOf(RepairParts.lookEvery(settings).toMillis()));
    return all;
  }

  private Path routesFolder() {
    return folder(settings, RouteSettings.FOLDER, home);
  }

  private Path kameletsFolder() {
    return folder(settings, RouteSettings.KAMELETS, home);
  }

  /** The folder of the setting; one that nobody set is taken from the program's home when the working folder has none. */
  public static Path folder(Settings settings, Setting<Path> setting, Path home) {
    Path folder = settings.get(setting);
    boolean here = settings.isSet(setting) || Files.isDirectory(folder);
    return here ? folder : home.resolve(folder);
  }

  public CamelContext camelContext() {
    return main.getCamelContext();
  }

  public Domain domain() {
    return domain;
  }

  /** Where the API and hooks answer. */
  public URI http() {
    return URI.create("http://" + authority(settings.get(HttpSettings.HOST), httpPort));
  }

  /** Where health, metrics and Jolokia answer, below {@code /observe}. */
  public URI management() {
    return URI.create("http://" + authority(settings.get(ManagementSettings.HOST), managementPort));
  }

  private static String authority(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** From now on nothing is begun; returns at once. */
  public void drain() {
    domain.drain();
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
    domain.endStreams();
    httpGuard.close("Reelway is stopping; ask again once it runs again");
    try {
      main.stop();
    } catch (RuntimeException e) {
      throw new OurFailure("stopping failed: " + e, e);
    } finally {
      domain.close();
      try {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
        LOG.debug("HTTP did not end in time: {}", e.toString());
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
