package org.reelway.camel;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.reelway.failure.OurFailure;
import org.reelway.live.LivePublisher;
import org.reelway.live.LiveTarget;
import org.reelway.live.PublishedFolder;
import org.reelway.media.process.Orphans;
import org.reelway.settings.LiveKey;
import org.reelway.settings.LiveSettings;
import org.reelway.settings.LiveSettings.LiveKeep;
import org.reelway.settings.Settings;
import org.reelway.settings.WorkflowSettings;
import org.reelway.stream.workflow.local.IngestApps;
import org.reelway.stream.workflow.local.LocalDriver;
import org.reelway.stream.workflow.local.LocalPlan;

/** Makes the local driver from the settings. */
final class LocalDrivers {
  /** An archive waits for the store for as long as that takes: nothing of it is given up. */
  private static final Duration NEVER = Duration.ofDays(3650);

  private static final Duration WINDOW = Duration.ofSeconds(60);

  private final StateFeature state;
  private final StoreFeature store;
  private final LiveFeature live;
  private final FolderFeature disk;
  private final HttpFeature http;
  private volatile LocalDriver driver;

  LocalDrivers(StateFeature state, StoreFeature store, LiveFeature live, FolderFeature disk, HttpFeature http) {
    this.state = state;
    this.store = store;
    this.live = live;
    this.disk = disk;
    this.http = http;
  }

  LocalDriver make() {
    Settings settings = state.settings;
    Path folder = made(Optional.ofNullable(settings.get(WorkflowSettings.FOLDER)).orElse(state.folder.resolve("workflow")));
    // First what may fail: it is tried again, and publishers stay.
    LocalPlan plan = plan(settings, made(folder.resolve("runs")));
    Path viewerFolder = made(folder.resolve("viewer"));
    Path archiveFolder = made(folder.resolve("archive"));
    LivePublisher viewers = publisher(
        store.primary.configured.keyPrefix() + settings.get(WorkflowSettings.VIEWER_PREFIX), LiveKeep.WINDOW,
        settings.get(LiveSettings.GAP_AFTER));
    LivePublisher archives = publisher("", LiveKeep.ALL, NEVER);
    driver = new LocalDriver(
        plan, new PublishedFolder(viewers, viewerFolder, disk.markersFolder),
        new PublishedFolder(archives, archiveFolder, disk.markersFolder), state::ffmpeg, new Orphans(state.instance()),
        () -> {
          live.publishers.end(viewers);
          live.publishers.end(archives);
        });
    return driver;
  }

  WorkflowKeys keys() {
    return new WorkflowKeys(ingests(state.settings), () -> Optional.ofNullable(driver));
  }

  static IngestApps ingests(Settings settings) {
    return IngestApps.of(all(settings.get(WorkflowSettings.INGEST)));
  }

  private LivePublisher publisher(String prefix, LiveKeep keep, Duration gapAfter) {
    LiveTarget target = live.publishers.target(store.primary.bucket, prefix, LiveKey.PATH, keep, gapAfter);
    return live.publishers.begin(target, event -> {});
  }

  private static Path made(Path folder) {
    try {
      return Files.createDirectories(folder).toRealPath();
    } catch (IOException e) {
      throw new OurFailure("the folder " + folder + " of the live workflow cannot be made: " + e, e);
    }
  }

  private LocalPlan plan(Settings settings, Path runs) {
    List<URI> ingest = all(settings.get(WorkflowSettings.INGEST));
    List<URI> source = settings.isSet(WorkflowSettings.INGEST_SOURCE) ? all(settings.get(WorkflowSettings.INGEST_SOURCE)) : ingest;
    String host = settings.get(WorkflowSettings.LISTEN_HOST);
    int port = settings.get(WorkflowSettings.LISTEN_PORT);
    String shown = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    URI listenUrl = Optional.ofNullable(settings.get(WorkflowSettings.LISTEN_URL))
        .orElseGet(() -> URI.create("rtmp://" + shown + ":" + port + "/live"));
    String viewerUrl = settings.isSet(WorkflowSettings.VIEWER_URL)
        ? settings.get(WorkflowSettings.VIEWER_URL).toString().replaceAll("/+$", "")
        : http.http() + "/watch";
    return new LocalPlan(
        runs, ingest, source, new InetSocketAddress(host, port), listenUrl, settings.get(WorkflowSettings.SEGMENT), WINDOW,
        settings.get(WorkflowSettings.ENCRYPT), settings.get(WorkflowSettings.PUBLIC_PATH), () -> viewerUrl,
        settings.get(WorkflowSettings.MOST));
  }

  private static List<URI> all(List<URI> given) {
    return given == null ? List.of() : given;
  }
}
