package org.reelway.camel;

import io.micrometer.core.instrument.Gauge;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.BindToRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.camel.GuardedHealth.Scope;
import org.reelway.camel.api.NodesApi;
import org.reelway.camel.api.OtherNodes;
import org.reelway.failure.DaemonThreads;
import org.reelway.settings.CallbackSettings;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.NodeSettings.Role;
import org.reelway.state.Fleet;

/** The other sidecars that share the state. */
final class FleetFeature extends Feature {
  private static final int MOST_NAMED = 5;
  private static final int MOST_EVENTS = 1000;

  final Fleet fleet;
  final OtherNodes others;

  @BindToRegistry("nodes")
  final NodesApi api;

  /** Takes events of streams to the broker, in order: one that is away holds up none of this sidecar's own flows. */
  @BindToRegistry("toOtherNodes")
  final ExecutorService toOtherNodes = new ThreadPoolExecutor(
      1, 1, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(MOST_EVENTS), DaemonThreads.named("to-other-nodes"));

  @BindToRegistry("reelwayFleetHealth")
  final GuardedHealth health = new GuardedHealth("fleet", Scope.TOLD, this::tell);

  private final StateFeature state;
  private final Supplier<URI> address;

  /** @param address where others reach this sidecar's API */
  FleetFeature(StateFeature state, Supplier<URI> address) {
    this.state = state;
    this.address = address;
    this.fleet = new Fleet(state.jdbi, state.clock, state.node);
    this.others = new OtherNodes(fleet);
    this.api = new NodesApi(fleet, state.leases, () -> state.has(Role.INGEST));
    for (Fleet.State each : Fleet.State.values()) {
      Gauge.builder("reelway.nodes", fleet, GuardedHealth.orNone(all -> count(all, each)))
          .tag("state", each.name().toLowerCase(Locale.ROOT))
          .description("Sidecars that share the state")
          .register(state.metrics);
    }
  }

  private static long count(Fleet fleet, Fleet.State state) {
    return fleet.all().stream().filter(node -> node.state() == state).count();
  }

  /**
   * Down while another node is gone beside which files may wait: nobody else has them. What the others do is taken over, where any runs
   * that can.
   */
  private void tell(HealthCheckResultBuilder builder) {
    List<Fleet.Node> all = fleet.all();
    List<Fleet.Node> others = all.stream().filter(node -> !node.id().equals(fleet.own())).toList();
    builder.detail("nodes.running", 1 + others.stream().filter(node -> node.state() == Fleet.State.RUNNING).count());
    List<Fleet.Node> gone = others.stream().filter(node -> node.state() == Fleet.State.GONE).toList();
    builder.detail("nodes.gone", gone.size());
    List<Fleet.Node> withFiles = gone.stream().filter(Fleet.Node::hasFiles).toList();
    if (tellsBackends() && !isDone(Role.CALLBACKS, all)) {
      builder.message("no sidecar runs that has the role callbacks: callbacks wait; start one with callbacks in reelway.roles"
          + (gone.isEmpty() ? "" : ", or what is gone: " + named(gone))).down();
    } else if (withFiles.isEmpty()) {
      if (!gone.isEmpty()) {
        builder.message(named(gone) + ": others do what it did");
      }
      builder.up();
    } else {
      builder.message(named(withFiles) + ": recordings may wait on its disk; start it again, or forget it by DELETE /nodes/"
          + withFiles.get(0).id() + " where nothing is left there").down();
    }
  }

  private boolean tellsBackends() {
    return state.settings.isSet(CallbackSettings.URL) || state.settings.isSet(CallbackSettings.EVENTS_URL);
  }

  private static boolean isDone(Role role, List<Fleet.Node> all) {
    Set<String> done = all.stream().filter(node -> node.state() == Fleet.State.RUNNING)
        .flatMap(node -> Stream.of(node.roles().split(","))).collect(Collectors.toSet());
    // Where nobody says what it does, this one is alone, and does it all.
    return done.isEmpty() || done.contains(role.word());
  }

  private static String named(List<Fleet.Node> gone) {
    return gone.stream().limit(MOST_NAMED)
        .map(node -> "node " + node.id() + " (" + node.who() + ") is gone, last seen " + node.seenAt())
        .collect(Collectors.joining("; ")) + (gone.size() > MOST_NAMED ? "; and " + (gone.size() - MOST_NAMED) + " more" : "");
  }

  @Override
  void recover() {
    fleet.advertise(address.get().toString(), NodeSettings.words(state.settings));
    if (state.has(Role.INGEST)) {
      fleet.forgetOld();
    }
  }

  @Override
  void close() {
    toOtherNodes.shutdownNow();
  }
}
