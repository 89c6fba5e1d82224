package org.reelway.camel;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.reelway.recording.Markers;
import org.reelway.settings.JanitorSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StoreSettings;
import org.reelway.state.BegunUploads;
import org.reelway.state.RecordingHistory;
import org.reelway.transfer.audit.Janitor;
import org.reelway.transfer.audit.JanitorReport;
import org.reelway.transfer.audit.Lifecycle;
import org.reelway.transfer.audit.LivingMarkers;
import org.reelway.transfer.audit.UploadFinding.Kind;
import org.reelway.transfer.flow.WatchedFolders;
import org.reelway.transfer.observe.LiveTransfers;
import org.reelway.transfer.store.Store;

/** The janitor as routes, the API, health and metrics know it. */
public final class JanitorParts {
  private static final List<Kind> SHOWN = List.of(Kind.KEPT, Kind.FAILED, Kind.PROBABLY_OURS, Kind.UNKNOWN);

  private final AtomicReference<JanitorReport> last = new AtomicReference<>();
  private final Janitor janitor;
  private final Counter aborted;

  /** For a trial build of routes. */
  JanitorParts() {
    this.janitor = null;
    this.aborted = null;
  }

  JanitorParts(
      Settings settings,
      Store store,
      BegunUploads uploads,
      Markers markers,
      Path markersFolder,
      RecordingHistory history,
      WatchedFolders folders,
      LiveTransfers live,
      MeterRegistry metrics,
      Clock clock) {
    this.janitor =
        janitor(
            settings,
            store,
            uploads,
            new LivingMarkers(
                markers,
                markersFolder,
                history,
                () -> folders.all().stream().map(intake -> intake.folder()).toList(),
                id -> live.find(id).isPresent()),
            clock);
    for (Kind kind : SHOWN) {
      Gauge.builder("reelway.uploads.stale", last, report -> count(report.get(), kind))
          .description("Unfinished uploads older than reelway.janitor.after, as the janitor saw them last")
          .tag("whose", kind.word())
          .register(metrics);
    }
    Gauge.builder("reelway.store.lifecycle.missing", last, report -> lifecycle(report.get()))
        .description("1 while the bucket is known to have no rule that aborts unfinished uploads")
        .register(metrics);
    this.aborted =
        Counter.builder("reelway.uploads.aborted")
            .description("Our own stale uploads that the janitor aborted")
            .register(metrics);
  }

  private static double lifecycle(JanitorReport report) {
    return report != null && report.lifecycle().state() == Lifecycle.State.MISSING ? 1 : 0;
  }

  private static double count(JanitorReport report, Kind kind) {
    return report == null ? 0 : report.count(kind);
  }

  /** One as the settings want it. */
  public static Janitor janitor(
      Settings settings, Store store, BegunUploads uploads, LivingMarkers markers, Clock clock) {
    return new Janitor(
        store,
        settings.require(StoreSettings.BUCKET),
        AuditParts.prefix(settings),
        uploads,
        markers,
        settings.get(JanitorSettings.AFTER),
        clock);
  }

  /** Aborts what is ours and stale. */
  public JanitorReport work() {
    JanitorReport report = janitor.work(false);
    aborted.increment(report.count(Kind.ABORTED));
    last.set(report);
    return report;
  }

  /** Only looks, so that nobody waits for the night to be told. */
  public JanitorReport look() {
    return show();
  }

  /** {@code GET /uploads}: what the janitor would do now, and what it leaves alone. */
  public JanitorReport show() {
    JanitorReport now = janitor.work(true);
    last.set(now);
    return now;
  }

  Optional<JanitorReport> last() {
    return Optional.ofNullable(last.get());
  }
}
