package org.reelway.camel;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reelway.failure.ListBound;
import org.reelway.recording.Claims;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.IntakeObserver;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.Markers;
import org.reelway.recording.Recoveries;
import org.reelway.recording.SteadyClock;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import org.reelway.settings.StoreSettings;
import org.reelway.settings.TransferSettings;
import org.reelway.state.AbandonedUploads;
import org.reelway.state.BegunUploads;
import org.reelway.state.KeptFiles;
import org.reelway.state.ManifestRecords;
import org.reelway.state.ProgramRecords;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.state.StateDatabase;
import org.reelway.state.StateWriter;
import org.reelway.transfer.Backoff;
import org.reelway.transfer.LedgerStore;
import org.reelway.transfer.ProbedCapabilities;
import org.reelway.transfer.StoreProbe;
import org.reelway.transfer.Transfers;
import org.reelway.transfer.audit.RecordingManifests;
import org.reelway.transfer.flow.AbortQueue;
import org.reelway.transfer.flow.Backlog;
import org.reelway.transfer.flow.BucketCheck;
import org.reelway.transfer.flow.FinishedRecordings;
import org.reelway.transfer.flow.HistoryRetention;
import org.reelway.transfer.flow.RecordingFlow;
import org.reelway.transfer.flow.RepairFlow;
import org.reelway.transfer.flow.RestartPolicy;
import org.reelway.transfer.flow.SetAsideRecordings;
import org.reelway.transfer.flow.StoreOutlook;
import org.reelway.transfer.flow.StoreReturn;
import org.reelway.transfer.flow.WatchedFolders;
import org.reelway.transfer.observe.FirstBytes;
import org.reelway.transfer.observe.LiveTransfers;
import org.reelway.transfer.observe.TransferHistory;
import org.reelway.transfer.observe.TransferLog;
import org.reelway.transfer.observe.TransferMetrics;
import org.reelway.transfer.observe.TransferObservers;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreClient;

/** Puts the parts of the domain together from the settings. */
public final class Domain implements AutoCloseable {
  private static final Duration REST_WITHOUT_SETTLE_TIME = Duration.ofMinutes(1);

  private final Clock clock = Clock.systemUTC();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final LiveTransfers live = new LiveTransfers();
  private final Claims claims = new Claims();
  private final WatchedFolders folders;
  private final Backlog backlog;
  private final StoreOutlook outlook = new StoreOutlook(clock);
  private final Settings settings;
  private final BandwidthParts bandwidth;
  private final StoreClient storeClient;
  private final Store store;
  private final StateWriter writer;
  private final Optional<BucketCheck> bucketCheck;
  private final RecordingHistory history;
  private final AbortQueue aborts;
  private final Markers markers;
  private final Path markersFolder;
  private final FinishedRecordings finished;
  private final Transfers transfers;
  private final RecordingFlow flow;
  private final RestartPolicy restartPolicy;
  private final RetentionParts retention;
  private final RecordingManifests manifests;
  private final JanitorParts janitor;
  private final Optional<RepairFlow> repair;
  private final BackupParts backup;
  private final CallbackParts callbacks;
  private final LiveParts liveParts;
  private final EventParts events;
  private final RelayParts relays;
  private final RecorderParts recorders;
  private final MultiRecorderParts multiRecorders;
  private final MixerParts mixer;
  private final ProgramParts programs;

  Domain(Settings settings) {
    this.settings = settings;
    this.folders = new WatchedFolders(settings.get(RecordingSettings.CREATE_FOLDERS));
    this.backlog = new Backlog(folders, clock);
    Path state = settings.get(StateSettings.FOLDER).toAbsolutePath();
    this.bandwidth = new BandwidthParts(settings, metrics);
    StateDatabase database = StateDatabase.open(state, clock);
    this.writer = new StateWriter(database.jdbi());
    BegunUploads begun = new BegunUploads(database.jdbi(), writer, clock);
    S3Store primary = StoreFactory.connect(settings, StoreSettings.PRIMARY, bandwidth.bandwidth());
    this.storeClient = primary.client();
    this.store = new LedgerStore(primary, begun);
    this.bucketCheck =
        settings.get(StoreSettings.PRIMARY.checkBucket)
            ? Optional.of(new BucketCheck(store, settings.require(StoreSettings.BUCKET)))
            : Optional.empty();
    this.history = new RecordingHistory(database.jdbi(), writer, clock);
    this.aborts = new AbortQueue(store, new AbandonedUploads(database.jdbi(), clock), begun::isOurs);
    this.markers = new Markers(state.resolve("set-aside"), clock);
    this.markersFolder = state.resolve("markers");
    this.finished = FinishedRecordings.of(history::finishedIds);
    ProbedCapabilities capabilities = capabilities(state);
    FirstBytes firstBytes = new FirstBytes(clock);
    this.manifests =
        AuditParts.manifests(
            settings,
            store,
            capabilities,
            history,
            new ManifestRecords(database.jdbi(), writer, clock),
            firstBytes,
            clock);
    this.callbacks = CallbackParts.make(settings, state, database.jdbi(), writer, history, metrics, clock);
    Backoff backoff =
        new Backoff(settings.get(TransferSettings.RETRY_FIRST), settings.get(TransferSettings.RETRY_MAX));
    TransferObservers observers =
        new TransferObservers(
            List.of(
                live,
                new TransferLog(),
                new TransferHistory(history),
                new TransferMetrics(metrics, clock),
                firstBytes));
    this.backup =
        new BackupParts(
            settings, database.jdbi(), begun, bandwidth.bandwidth(), markers, observers, limits(backoff), clock);
    this.transfers =
        new Transfers(
            store,
            markers,
            capabilities,
            aborts,
            observers,
            limits(backoff),
            new ObjectParts(settings, StoreSettings.PRIMARY).attributes(),
            clock);
    KeptFiles kept = new KeptFiles(database.jdbi(), clock);
    this.flow =
        new RecordingFlow(
            transfers, markers, history, finished, outlook, backoff, rest(settings), clock, stopping::get,
            backup.join(store, transfers, outlook, markers, folders, kept, history, stopping::get));
    this.programs =
        ProgramParts.make(
            settings, flow, markers, new ProgramRecords(database.jdbi(), writer), history, new FoundRecordings(), metrics,
            clock);
    this.restartPolicy =
        new RestartPolicy(settings.get(RecordingSettings.ON_RESTART), markers, claims, aborts, history, finished);
    this.retention =
        new RetentionParts(settings, backup.storeOf(store), kept, folders, metrics, clock);
    this.janitor =
        new JanitorParts(settings, store, begun, markers, markersFolder, history, folders, live, metrics, clock);
    this.repair =
        RepairParts.make(settings, folders, markers, markersFolder, finished, new FoundRecordings(), history, metrics);
    this.liveParts = new LiveParts(settings, primary, capabilities, folders, metrics, clock);
    this.events = new EventParts(settings, database.jdbi(), writer, liveParts, folders, metrics, clock);
    this.relays = RelayParts.make(settings, state, events.registry(), metrics, clock);
    this.recorders = RecorderParts.make(settings, state, events.registry(), folders, callbacks.recorderEvents(), metrics, clock);
    this.mixer = MixerParts.make(settings, state, callbacks, folders, metrics);
    this.multiRecorders =
        MultiRecorderParts.make(
            settings, state, events, MultiRecorderParts.listener(mixer, callbacks), metrics, clock);
    gauges();
    backup.gauges(metrics);
  }

  /** The settle time, also for files that nobody waits for without a marker. */
  private static Duration rest(Settings settings) {
    Duration settleTime = settings.get(RecordingSettings.SETTLE_TIME);
    return settleTime.isZero() ? REST_WITHOUT_SETTLE_TIME : settleTime;
  }

  private ProbedCapabilities capabilities(Path state) {
    return new ProbedCapabilities(
        bucket -> probe(store, bucket, settings),
        store.address(),
        new ObjectParts(settings, StoreSettings.PRIMARY).probed(),
        state.resolve("store-probe.json"),
        clock);
  }

  /** For routes. */
  ManifestSteps manifestSteps() {
    return new ManifestSteps(manifests);
  }

  /** For routes. */
  StoreClient storeClient() {
    return storeClient;
  }

  /** A probe as the settings want it. */
  public static StoreProbe probe(Store store, String bucket, Settings settings) {
    return probe(store, bucket, settings.get(StoreSettings.PREFIX), settings);
  }

  /** A probe as the settings want it, below another prefix than theirs. */
  public static StoreProbe probe(Store store, String bucket, String prefix, Settings settings) {
    return new StoreProbe(
        store,
        bucket,
        prefix,
        StoreFactory.checksum(settings.get(StoreSettings.CHECKSUM)),
        new ObjectParts(settings, StoreSettings.PRIMARY).attributes());
  }

  /** A probe of the backup as the settings want it. */
  public static StoreProbe probeBackup(Store backup, Settings settings) {
    return BackupParts.probe(backup, settings);
  }

  private Transfers.Limits limits(Backoff backoff) {
    Backoff most = Transfers.Limits.BETWEEN_REQUESTS;
    Backoff betweenRequests =
        backoff.first().compareTo(most.first()) < 0 ? new Backoff(backoff.first(), most.most()) : most;
    return new Transfers.Limits(
        settings.get(TransferSettings.MULTIPART_THRESHOLD),
        settings.get(TransferSettings.PART_SIZE),
        settings.get(TransferSettings.PARTS_AT_ONCE),
        settings.get(TransferSettings.ATTEMPTS),
        betweenRequests,
        settings.get(StoreSettings.OBJECTS.maxObjectSize));
  }

  private void gauges() {
    bounds().stream().collect(Collectors.groupingBy(ListBound::list)).forEach((list, bounds) ->
        Gauge.builder("reelway.list.full", bounds, all -> all.stream().anyMatch(ListBound::isFull) ? 1 : 0)
            .strongReference(true)
            .tag("list", list)
            .description("1 while a list that others can make longer is full, and more was refused")
            .register(metrics));
    FolderGauges.register(folders, metrics);
    Gauge.builder("reelway.transfers.in.flight", live, all -> all.all().size())
        .description("Transfers under way")
        .register(metrics);
    Gauge.builder("reelway.recordings.unsent", backlog, Backlog::recordings)
        .description("Recordings that are marked and not done")
        .register(metrics);
    Gauge.builder("reelway.recordings.pending.bytes", backlog, Backlog::pendingBytes)
        .description("Bytes of recordings that wait for their transfer")
        .register(metrics);
    Gauge.builder("reelway.recordings.oldest.unsent.seconds", backlog, all -> all.oldestAge().toSeconds())
        .description("Age of the oldest marker whose recording is not done; 0 when there is none")
        .register(metrics);
    Gauge.builder("reelway.recordings.set.aside", history, GuardedHealth.orNone(RecordingHistory::setAside))
        .description("Recordings that are set aside: people have to look")
        .register(metrics);
    Gauge.builder("reelway.store.up", outlook, seen -> seen.error().isPresent() ? 0 : 1)
        .description("0 while the last thing heard from the store is a failure")
        .register(metrics);
    Gauge.builder("reelway.state.failing", writer, state -> state.isFailing() ? 1 : 0)
        .description("1 while the history cannot be written")
        .register(metrics);
  }

  /** Every list that others can make longer, and that may be full. */
  private List<ListBound> bounds() {
    return Stream.of(events.bounds(), multiRecorders.bounds(), mixer.jobs().bounds()).flatMap(List::stream).toList();
  }

  StateHealth stateHealth() {
    return new StateHealth(writer);
  }

  ListsHealth listsHealth() {
    return new ListsHealth(bounds());
  }

  ProcessHealth processHealth() {
    return new ProcessHealth(writer::isAlive);
  }

  RecordingServices recordingServices() {
    return new RecordingServices(
        flow,
        folders,
        markers,
        claims,
        markersFolder,
        finished,
        new FoundRecordings(),
        restartPolicy,
        backup.returned(),
        programs,
        stopping::get,
        new SteadyClock());
  }

  private final class FoundRecordings implements IntakeObserver {
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
      repair.ifPresent(flow -> flow.heldBack(file));
    }

    private long sizeOf(MarkedRecording recording) {
      try {
        return FileIdentity.of(recording.file()).size();
      } catch (java.io.IOException missing) {
        return 0;
      }
    }
  }

  Housekeeping housekeeping() {
    return new Housekeeping(
        folders,
        new StoreReturn(store, settings.require(StoreSettings.BUCKET), outlook, folders),
        aborts,
        new HistoryRetention(history, finished),
        settings.get(StateSettings.HISTORY));
  }

  LiveParts liveParts() {
    return liveParts;
  }

  EventParts events() {
    return events;
  }

  CallbackParts callbacks() {
    return callbacks;
  }

  RecorderParts recorders() {
    return recorders;
  }

  MixerParts mixer() {
    return mixer;
  }

  ProgramParts programs() {
    return programs;
  }

  MultiRecorderParts multiRecorders() {
    return multiRecorders;
  }

  RelayParts relays() {
    return relays;
  }

  JanitorParts janitor() {
    return janitor;
  }

  BackupParts backup() {
    return backup;
  }

  RetentionParts retention() {
    return retention;
  }

  SetAsideRecordings setAside() {
    return new SetAsideRecordings(history, folders, finished);
  }

  StoreHealth storeHealth() {
    return new StoreHealth(
        outlook,
        store,
        settings.require(StoreSettings.BUCKET),
        bucketCheck);
  }

  /** Says beside the start what is wrong with the bucket. */
  void checkBucket() {
    bucketCheck.ifPresent(BucketCheck::begin);
  }

  BandwidthApi bandwidthApi() {
    return new BandwidthApi(bandwidth.bandwidth());
  }

  PrometheusMeterRegistry metrics() {
    return metrics;
  }

  Backlog backlog() {
    return backlog;
  }

  /** The folders that routes watch now. */
  public WatchedFolders folders() {
    return folders;
  }

  /** The recordings' stories. */
  public RecordingHistory history() {
    return history;
  }

  /** The transfers under way. */
  public LiveTransfers live() {
    return live;
  }

  /** The store of the settings. */
  public Store store() {
    return store;
  }

  Optional<RepairFlow> repair() {
    return repair;
  }

  /** From now on nothing is begun; returns at once. */
  void drain() {
    if (!stopping.getAndSet(true)) {
      programs.drain();
      transfers.drain();
      liveParts.drain();
      backup.drain();
    }
  }

  /** While folders are still watched: last files get their markers. */
  void endStreams() {
    relays.close();
    recorders.close();
    multiRecorders.close();
    mixer.close();
  }

  @Override
  public void close() {
    programs.close();
    repair.ifPresent(RepairFlow::close);
    events.close();
    transfers.close();
    backup.close();
    bandwidth.close();
    claims.close();
    callbacks.close();
    writer.close();
    store.close();
    metrics.close();
  }
}
