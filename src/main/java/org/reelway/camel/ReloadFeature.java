package org.reelway.camel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.camel.GuardedHealth.Scope;
import org.reelway.camel.reload.RoutesReload;
import org.reelway.camel.reload.SwapRest;
import org.reelway.camel.reload.SwappableContext;
import org.reelway.failure.OurFailure;
import org.reelway.settings.RouteSettings;
import org.reelway.settings.ShutdownSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Edited routes are put into force while the program runs, where that is wanted. */
final class ReloadFeature extends Feature {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadFeature.class);
  private static final long EVERY_MILLIS = 1000;
  /** A swap under way when the program stops. */
  private static final Duration LONGEST_SWAP = Duration.ofSeconds(20);

  @BindToRegistry("reelwayReloadHealth")
  final GuardedHealth health = new GuardedHealth("routes-reload", Scope.TOLD, this::tell);

  private final StateFeature state;
  /** Null where files are read at start only. */
  private final RoutesReload reload;
  private final Thread looking;
  private SwappableContext camel;

  /** @param errors of the routes in the folders, and of none where nobody can tell */
  ReloadFeature(
      StateFeature state, RecordingFeature recordings, EventFeature events, HttpFeature http, Path routes, Path kamelets,
      Supplier<List<String>> errors) {
    this.state = state;
    boolean wanted = state.settings.get(RouteSettings.RELOAD) && errors != null;
    SwapRest rest =
        new SwapRest(
            () -> camel, recordings.rest, events.inbox, http.held, state.settings.get(ShutdownSettings.DRAIN_TIME), state.stopping::get);
    this.reload =
        wanted ? new RoutesReload(routes, kamelets, errors, rest, () -> camel, state.metrics, state.clock) : null;
    this.looking = new Thread(this::look, "routes-reload");
    looking.setDaemon(true);
    if (wanted) {
      Gauge.builder("reelway.routes.behind", reload, each -> each.isBehind() ? 1 : 0)
          .description("1 while the files of routes are others than those that run")
          .register(state.metrics);
    }
  }

  /** @param reload whether edits are put into force @param newest what became of the newest one; absent where they are not */
  @JsonInclude(Include.NON_NULL)
  public record Shown(boolean reload, RoutesReload.Status newest) {}

  Shown shown() {
    return new Shown(reload != null, reload == null ? null : reload.status());
  }

  private void tell(HealthCheckResultBuilder builder) {
    if (reload == null || !reload.isBehind()) {
      builder.up();
    } else {
      builder.message("the routes that run are not those of the files: " + reload.status().message()).down();
    }
  }

  @Override
  void configure(CamelContext context) {
    camel = (SwappableContext) context;
    try {
      if (reload != null) {
        reload.begin();
      }
    } catch (IOException e) {
      throw new OurFailure("the routes cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  void begin() {
    if (reload != null) {
      looking.start();
    }
  }

  private void look() {
    try {
      while (!state.stopping.get()) {
        TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
        reload.look();
      }
    } catch (InterruptedException stopping) {
      LOG.debug("routes are looked at no more");
    }
  }

  /** Routes are stopped next: not while they are being swapped. */
  @Override
  void endStreams() {
    try {
      looking.join(LONGEST_SWAP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
