package org.reelway.camel;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.camel.BindToRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.camel.GuardedHealth.Scope;
import org.reelway.settings.JanitorSettings;
import org.reelway.settings.NodeSettings;
import org.reelway.transfer.audit.Janitor;
import org.reelway.transfer.audit.JanitorReport;
import org.reelway.transfer.audit.Lifecycle;
import org.reelway.transfer.audit.LivingMarkers;
import org.reelway.transfer.audit.UploadFinding.Kind;

/** Aborts old unfinished uploads of our own every night. */
final class JanitorFeature extends Feature {
  private static final List<Kind> SHOWN = List.of(Kind.KEPT, Kind.FAILED, Kind.PROBABLY_OURS, Kind.UNKNOWN);

  @BindToRegistry("janitor")
  final JanitorRounds rounds;

  @BindToRegistry("reelwayUploadsHealth")
  final GuardedHealth health = new GuardedHealth("uploads", Scope.READY, this::tell);

  JanitorFeature(StateFeature state, StoreFeature store, FolderFeature disk, TransferFeature transfers) {
    LivingMarkers living =
        new LivingMarkers(
            disk.markers, disk.markersFolder, state.history,
            () -> disk.folders.all().stream().map(intake -> intake.folder()).toList(),
            id -> transfers.live.find(id).isPresent());
    Map<String, Janitor> janitors = new LinkedHashMap<>();
    store.all().forEach(each -> janitors.put(
        each.name.isEmpty() ? "the primary store" : "the store " + each.name,
        new Janitor(
            each.store, each.bucket, each.configured.keyPrefix(), store.begun, living,
            state.settings.get(JanitorSettings.AFTER), state.clock, upload -> store.holderOf(upload) == each)));
    this.rounds =
        new JanitorRounds(
            janitors,
            Counter.builder("reelway.uploads.aborted")
                .description("Our own stale uploads that the janitor aborted")
                .register(state.metrics));
    for (Kind kind : SHOWN) {
      Gauge.builder("reelway.uploads.stale", rounds, ofLast(report -> report.count(kind)))
          .description("Unfinished uploads older than reelway.janitor.after, as the janitor saw them last")
          .tag("whose", kind.word())
          .register(state.metrics);
    }
    Gauge.builder(
            "reelway.store.lifecycle.missing", rounds,
            ofLast(report -> report.lifecycle().state() == Lifecycle.State.MISSING ? 1 : 0))
        .description("1 while the bucket is known to have no rule that aborts unfinished uploads")
        .register(state.metrics);
  }

  /** Tells what the janitor saw last. What it leaves costs money and harms no recording: never down. */
  private void tell(HealthCheckResultBuilder builder) {
    rounds.last().ifPresent(report -> {
      builder.detail("uploads.looked-at", report.at().toString());
      builder.detail("uploads.lifecycle", report.lifecycle().words());
      for (Kind kind : Kind.values()) {
        if (report.count(kind) > 0) {
          builder.detail("uploads." + kind.word(), report.count(kind));
        }
      }
    });
    builder.up();
  }

  private static ToDoubleFunction<JanitorRounds> ofLast(ToDoubleFunction<JanitorReport> value) {
    return rounds -> rounds.last().map(value::applyAsDouble).orElse(0.0);
  }

  @Override
  Optional<NodeSettings.Role> role() {
    return Optional.of(NodeSettings.Role.INGEST);
  }
}
