package org.reelway.camel;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.jdbi.v3.core.Jdbi;
import org.reelway.camel.GuardedHealth.Scope;
import org.reelway.camel.jmx.MBeans;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import org.reelway.state.InstanceId;
import org.reelway.state.Leases;
import org.reelway.state.RecordingHistory;
import org.reelway.state.StateDatabase;
import org.reelway.state.StateLock;
import org.reelway.state.StateWriter;

/** What all others share: settings, clock, metrics, and the state folder with its database. */
final class StateFeature extends Feature {
  final Settings settings;
  final Clock clock = Clock.systemUTC();

  @BindToRegistry("metricsRegistry")
  final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  final MBeans beans = new MBeans();
  final AtomicBoolean stopping = new AtomicBoolean();
  final Path folder;
  final Path home;
  private final StateLock lock;
  private final StateDatabase database;
  final Jdbi jdbi;
  /** Id of this sidecar among those that share the state. */
  final String node;
  final Leases leases;
  final StateWriter writer;
  final RecordingHistory history;

  @BindToRegistry("reelwayProcessHealth")
  final ProcessHealth health;

  @BindToRegistry("reelwayStateHealth")
  final GuardedHealth writerHealth = new GuardedHealth("state", Scope.TOLD, this::tell);

  /** @param home of the program: what is shipped beside it */
  StateFeature(Settings settings, Path home) {
    this.settings = settings;
    this.home = home;
    this.folder = settings.get(StateSettings.FOLDER).toAbsolutePath();
    this.lock = StateLock.take(folder);
    this.database = StateDatabase.own(settings, clock);
    this.jdbi = database.jdbi();
    this.node = database.node();
    this.leases = new Leases(jdbi, clock, node);
    this.writer = new StateWriter(jdbi);
    this.history = new RecordingHistory(jdbi, writer, clock, node);
    this.health = new ProcessHealth(() -> writer.isAlive() && !database.isLost());
    Gauge.builder("reelway.state.failing", writer, state -> state.isFailing() ? 1 : 0)
        .description("1 while the history cannot be written")
        .register(metrics);
  }

  /** Down while the state cannot be written: a restart makes no room. */
  private void tell(HealthCheckResultBuilder builder) {
    String trouble = writer.trouble();
    if (!database.trouble().isEmpty()) {
      builder.message("the state cannot be used: " + database.trouble()).down();
    } else if (trouble.isEmpty()) {
      builder.up();
    } else {
      String then = settings.isSet(StateSettings.URL) ? "see what its database says" : "give reelway.state.folder room";
      builder.message("the state cannot be written (" + trouble + "); " + then).down();
    }
  }

  /** Unpacked only when something is to be done with them. */
  FfmpegPrograms ffmpeg() {
    return FfmpegPrograms.shipped(home.resolve("ffmpeg"), folder.resolve("ffmpeg"));
  }

  String instance() {
    return InstanceId.of(folder);
  }

  /** Whether this sidecar does what the role stands for. */
  boolean has(NodeSettings.Role role) {
    return NodeSettings.has(settings, role);
  }

  @Override
  void configure(CamelContext camel) {
    beans.configure(camel);
  }

  @Override
  void drain() {
    stopping.set(true);
  }

  @Override
  void close() {
    beans.hideAll();
    writer.close();
    metrics.close();
    database.close();
    lock.close();
  }
}
