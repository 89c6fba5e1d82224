package org.reelway.camel;

import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import org.apache.camel.BindToRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.camel.GuardedHealth.Scope;
import org.reelway.camel.api.FoldersApi;
import org.reelway.camel.jmx.FolderBean;
import org.reelway.camel.jmx.MBeans;
import org.reelway.recording.Claims;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.FolderStatus;
import org.reelway.recording.IntakeObserver;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.Markers;
import org.reelway.recording.Recoveries;
import org.reelway.recording.SteadyClock;
import org.reelway.recording.WatchMode;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.RecordingSettings;
import org.reelway.state.KeptFiles;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.transfer.flow.Backlog;
import org.reelway.transfer.flow.FinishedRecordings;
import org.reelway.transfer.flow.RecordingFlow;
import org.reelway.transfer.flow.WatchedFolders;

/** Recordings on disk: the folders that routes watch, markers, claims, and what was found. */
final class FolderFeature extends Feature {
  private static final int MOST_NAMED = 3;

  final WatchedFolders folders;
  final Claims claims = new Claims();
  final Markers markers;
  /** Of recordings whose folder takes none. */
  final Path markersFolder;
  final FinishedRecordings finished;
  final KeptFiles kept;
  final IntakeObserver intake = new Found();
  /** Does not jump when the machine's time is set. */
  final Clock steady = new SteadyClock();

  @BindToRegistry("recordingHooks")
  final RecordingHooks hooks;

  @BindToRegistry("recordingFolders")
  final FoldersApi api;

  @BindToRegistry("reelwayFoldersHealth")
  final GuardedHealth health = new GuardedHealth("folders", Scope.READY, this::tellFolders);

  @BindToRegistry("reelwayBacklogHealth")
  final GuardedHealth backlogHealth = new GuardedHealth("backlog", Scope.READY, this::tellBacklog);

  @BindToRegistry("reelwayMarkersHealth")
  final GuardedHealth markersHealth = new GuardedHealth("markers", Scope.TOLD, this::tellMarkers);

  private final RecordingHistory history;
  final Backlog backlog;
  private volatile Consumer<Path> heldBack = file -> {};

  FolderFeature(StateFeature state) {
    this.history = state.history;
    this.folders = new WatchedFolders(state.settings.get(RecordingSettings.CREATE_FOLDERS));
    this.markers = new Markers(state.folder.resolve("set-aside"), state.clock);
    this.markersFolder = state.folder.resolve("markers");
    this.finished = FinishedRecordings.of(history::finishedIds, history::isFinished);
    this.kept = new KeptFiles(state.jdbi, state.clock, state.node);
    folders.whenChanged((folder, status) -> show(state.beans, folder, status));
    this.hooks = new RecordingHooks(folders);
    this.api = new FoldersApi(folders);
    this.backlog = new Backlog(folders, state.clock);
    gauges(state);
  }

  private static void show(MBeans beans, Path folder, Supplier<FolderStatus> status) {
    String name = "type=Folder,name=" + ObjectName.quote(folder.toString());
    if (status == null) {
      beans.hide(name);
    } else {
      beans.show(name, new FolderBean(status));
    }
  }

  private void gauges(StateFeature state) {
    for (WatchMode.Kind kind : WatchMode.Kind.values()) {
      Gauge.builder("reelway.folders", folders, all -> count(all, kind))
          .tag("mode", kind.word())
          .description("Recordings folders, by how new files in them come to be known")
          .register(state.metrics);
    }
    Gauge.builder("reelway.folders.look.seconds", folders, FolderFeature::longestLook)
        .description("Time that the last look at a folder took; the longest of all folders")
        .register(state.metrics);
    Gauge.builder(
            "reelway.folders.overflows", folders,
            all -> all.statuses().stream().mapToLong(FolderStatus::overflows).sum())
        .description("Times that the system had more file events to tell than it could keep")
        .register(state.metrics);
    Gauge.builder("reelway.recordings.unsent", backlog, Backlog::recordings)
        .description("Recordings that are marked and not done")
        .register(state.metrics);
    Gauge.builder("reelway.recordings.pending.bytes", backlog, Backlog::pendingBytes)
        .description("Bytes of recordings that wait for their transfer")
        .register(state.metrics);
    Gauge.builder("reelway.recordings.oldest.unsent.seconds", backlog, all -> all.oldestAge().toSeconds())
        .description("Age of the oldest marker whose recording is not done; 0 when there is none")
        .register(state.metrics);
    Gauge.builder("reelway.markers.without.recording", folders, all -> all.markersWithoutRecording().size())
        .description("Markers whose recording has not come within the settle time")
        .register(state.metrics);
    Gauge.builder("reelway.recordings.set.aside", history, GuardedHealth.orNone(RecordingHistory::setAside))
        .description("Recordings that are set aside: people have to look")
        .register(state.metrics);
  }

  private static long count(WatchedFolders folders, WatchMode.Kind kind) {
    return folders.statuses().stream().filter(status -> status.mode().kind() == kind).count();
  }

  private static double longestLook(WatchedFolders folders) {
    return folders.statuses().stream().map(FolderStatus::lastLookTook).max(Comparator.naturalOrder())
        .orElse(Duration.ZERO).toMillis() / 1000.0;
  }

  /** Down while a recordings folder is not there; tells how each is watched. */
  private void tellFolders(HealthCheckResultBuilder builder) {
    List<FolderStatus> all = folders.statuses();
    all.forEach(status -> builder.detail("folder." + status.folder(), status.mode().toString()));
    List<String> missing =
        all.stream()
            .filter(status -> status.mode().kind() == WatchMode.Kind.MISSING)
            .map(status -> status.folder() + " is " + status.mode())
            .toList();
    if (missing.isEmpty()) {
      builder.up();
    } else {
      builder.message(String.join("; ", missing)).down();
    }
  }

  /** Down while a marker orders a recording that is not there: nobody else may know that something was lost. */
  private void tellMarkers(HealthCheckResultBuilder builder) {
    List<Path> alone = folders.markersWithoutRecording();
    builder.detail("markers.without-recording", alone.size());
    if (alone.isEmpty()) {
      builder.up();
    } else {
      builder.message(
          alone.size() + (alone.size() == 1 ? " marker is" : " markers are") + " without recording: "
              + alone.stream().limit(MOST_NAMED).map(Path::toString).collect(Collectors.joining(", "))
              + (alone.size() > MOST_NAMED ? ", \u2026" : "")
              + "; put the file there, and it is sent by itself, or delete the marker").down();
    }
  }

  /**
   * Tells what waits, and what was set aside. Neither is an illness: a store that is away is told by its own check, and what
   * is wrong with one recording keeps no other.
   */
  private void tellBacklog(HealthCheckResultBuilder builder) {
    long aside = history.setAside();
    if (aside > 0) {
      builder.message(aside + " recordings are set aside; GET /recordings?state=set-aside tells why");
    }
    builder
        .detail("recordings.set-aside", aside)
        .detail("recordings.unsent", backlog.recordings())
        .detail("recordings.pending-bytes", backlog.pendingBytes())
        .detail("recordings.oldest-unsent-seconds", backlog.oldestAge().toSeconds())
        .up();
  }

  /** @param listener hears of files that do not change any more, but are not whole */
  void whenHeldBack(Consumer<Path> listener) {
    heldBack = listener;
  }

  private final class Found implements IntakeObserver {
    @Override
    public void found(MarkedRecording recording, String foundBy, String stream) {
      history.found(
          RecordingFlow.idOf(recording),
          recording.file().toString(),
          recording.path(),
          sizeOf(recording),
          stream,
          Recoveries.of(recording).map(recovery -> recovery.kind().word()).orElse(foundBy));
      finished.retake(recording);
    }

    @Override
    public void withdrawn(MarkedRecording recording) {
      history.state(
          RecordingFlow.idOf(recording), RecordingState.DISCARDED, "its marker is gone, and its file never came");
      finished.retake(recording);
    }

    @Override
    public void heldBack(Path file, String reason) {
      heldBack.accept(file);
    }

    private long sizeOf(MarkedRecording recording) {
      try {
        return FileIdentity.of(recording.file()).size();
      } catch (IOException missing) {
        return 0;
      }
    }
  }

  @Override
  boolean isOfTransfers() {
    return true;
  }

  @Override
  Optional<NodeSettings.Role> role() {
    return Optional.of(NodeSettings.Role.INGEST);
  }

  @Override
  void close() {
    claims.close();
  }
}
