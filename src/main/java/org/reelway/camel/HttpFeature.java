package org.reelway.camel;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.spi.Registry;
import org.reelway.camel.GuardedHealth.Scope;
import org.reelway.camel.http.ApiJson;
import org.reelway.camel.http.Audit;
import org.reelway.camel.http.GuardedHttpServers;
import org.reelway.camel.http.HeldRequests;
import org.reelway.camel.http.Http1Vertx;
import org.reelway.camel.http.HttpGuard;
import org.reelway.camel.http.HttpLimits;
import org.reelway.camel.http.HttpPorts;
import org.reelway.camel.http.RestAnswers;
import org.reelway.camel.http.Seldom;
import org.reelway.camel.http.ServerTls;
import org.reelway.camel.http.ViewerTurns;
import org.reelway.failure.InputFailure;
import org.reelway.settings.HttpSettings;
import org.reelway.settings.ManagementSettings;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;
import org.reelway.settings.access.Logins;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The two HTTP servers: one for hooks and the API, one for health, metrics and JMX. */
final class HttpFeature extends Feature {
  private static final Logger LOG = LoggerFactory.getLogger(HttpFeature.class);

  /**
   * Each request takes one as long as its route runs. Of viewers six at most wait for the store at a time, of calls that split
   * five, of those that have a cloud asked five: hooks of media servers have the rest.
   */
  private static final int THREADS = 20;

  private static final long LOOK_EVERY_MILLIS = 2000;

  @BindToRegistry("apiJson")
  final ObjectMapper json = ApiJson.mapper();

  @BindToRegistry("failures")
  final RouteFailures failures = new RouteFailures();

  /** Down while a file of accounts, of a secret or of a certificate cannot be read as it is, or a certificate is over. */
  @BindToRegistry("reelwayAccessHealth")
  final GuardedHealth health = new GuardedHealth("access", Scope.TOLD, this::tell);

  final ViewerTurns viewers = new ViewerTurns();
  final HeldRequests held = new HeldRequests();
  private final HttpPorts ports = new HttpPorts();
  private final Seldom toldLooks = new Seldom();
  private final Settings settings;
  private final int port;
  private final int managementPort;
  final Vertx vertx;
  /** Of people and programs that use the API; whoever else people log in to takes the same. */
  final Logins logins;
  final Audit audit;
  private final Clock clock;
  private final Logins managementLogins;
  private final Optional<ServerTls> tls;
  private final Optional<ServerTls> managementTls;
  private final HttpGuard guard;
  private final HttpGuard managementGuard;

  HttpFeature(Settings settings) {
    this.settings = settings;
    this.clock = Clock.systemUTC();
    this.audit = new Audit(clock);
    this.logins = Logins.http(settings);
    this.managementLogins = logins.ofManagement();
    this.tls = ServerTls.of(settings, HttpSettings.TLS_CERTIFICATE, HttpSettings.TLS_KEY);
    this.managementTls = ServerTls.of(settings, ManagementSettings.TLS_CERTIFICATE, ManagementSettings.TLS_KEY);
    this.port = ports.hold(settings, HttpSettings.HOST, HttpSettings.PORT);
    this.managementPort = ports.hold(settings, ManagementSettings.HOST, ManagementSettings.PORT);
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(2)
                .setWorkerPoolSize(THREADS)
                .setInternalBlockingPoolSize(4)
                // Nothing is served from files, so nothing needs a cache folder outside of ours.
                .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    this.guard = new HttpGuard(logins, audit, viewers, held);
    this.managementGuard = new HttpGuard(managementLogins, audit, viewers, new HeldRequests());
  }

  /** What Camel finds by type, and what a trial build of routes has no use for. */
  @Override
  void configure(CamelContext camel) {
    Registry registry = camel.getRegistry();
    registry.bind("vertx", new Http1Vertx(vertx, HttpLimits.ofProcess(), ports));
    registry.bind("httpServers", new GuardedHttpServers(guard, tls, managementGuard, managementTls));
    registry.bind("restAnswers", new RestAnswers());
    registry.bind("sourceFailures", new SourceFailures(failures));
  }

  /** Of Camel's servers. */
  Map<String, String> properties() {
    return Map.ofEntries(
        Map.entry("camel.server.enabled", "true"),
        Map.entry("camel.server.host", settings.get(HttpSettings.HOST)),
        Map.entry("camel.server.port", String.valueOf(port)),
        Map.entry("camel.server.fileUploadEnabled", "false"),
        Map.entry("camel.management.enabled", "true"),
        Map.entry("camel.management.host", settings.get(ManagementSettings.HOST)),
        Map.entry("camel.management.port", String.valueOf(managementPort)),
        Map.entry("camel.management.healthCheckEnabled", "true"),
        // JmxFeature has its own, by whose policy a login's role counts.
        Map.entry("camel.management.jolokiaEnabled", "false"),
        Map.entry("camel.management.metricsEnabled", "true"),
        Map.entry("camel.management.infoEnabled", "true"));
  }

  URI http() {
    return address(HttpSettings.HOST, port, tls.isPresent());
  }

  /** As other machines reach it, as far as is known. */
  URI advertised() {
    return Optional.ofNullable(settings.get(HttpSettings.ADVERTISED)).orElseGet(this::http);
  }

  URI management() {
    return address(ManagementSettings.HOST, managementPort, managementTls.isPresent());
  }

  private URI address(Setting<String> setting, int port, boolean tls) {
    String host = settings.get(setting);
    return URI.create((tls ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
  }

  /** Requests were told to ask again until now. */
  @Override
  void begin() {
    lookLater();
    guard.open();
    managementGuard.open();
  }

  /** One look after the other: a disk that hangs takes one of the threads, not all. */
  private void lookLater() {
    vertx.setTimer(LOOK_EVERY_MILLIS, turn -> vertx.executeBlocking(this::lookAtFiles, false).onComplete(looked -> lookLater()));
  }

  /** What may be replaced while the servers run; their own threads wait for no disk. */
  private Void lookAtFiles() {
    try {
      settings.lookAtSecrets();
      logins.refresh();
      tls.ifPresent(ServerTls::refresh);
      managementTls.ifPresent(ServerTls::refresh);
    } catch (RuntimeException e) {
      if (toldLooks.due("look") > 0) {
        LOG.error("files of accounts, secrets and certificates cannot be looked at: {}", e.toString(), e);
      }
    }
    return null;
  }

  private void tell(HealthCheckResultBuilder builder) {
    List<String> troubles = new ArrayList<>(settings.secretTroubles());
    logins.trouble().ifPresent(found -> troubles.add(HttpSettings.ACCESS_FILE + ": " + found));
    tls.flatMap(each -> each.trouble(clock)).ifPresent(troubles::add);
    managementTls.flatMap(each -> each.trouble(clock)).ifPresent(troubles::add);
    if (troubles.isEmpty()) {
      builder.up();
    } else {
      builder.message(String.join("; ", troubles)).down();
    }
  }

  /** To be called where Camel says that its servers run. @throws InputFailure where one does not listen */
  void requireListening() {
    ports.requireListening();
  }

  /** Requests to the API and hooks are told to ask again. */
  void refuse() {
    guard.close("Reelway is stopping; ask again once it runs again");
  }

  @Override
  void close() {
    ports.close();
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("HTTP did not end in time: {}", e.toString());
    }
  }
}
