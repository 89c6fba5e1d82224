package org.reelway.transfer.flow;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.reelway.recording.FolderIntake;
import org.reelway.recording.FolderScan;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerQueue;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingFolder;
import org.reelway.recording.SetClock;
import org.reelway.settings.RecordingSettings.OnRestart;
import org.reelway.settings.TransferSettings.OnExisting;
import org.reelway.state.AbandonedUploads;
import org.reelway.state.BegunUploads;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingStory;
import org.reelway.state.StateDatabase;
import org.reelway.state.StateWriter;
import org.reelway.state.TestState;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.Backoff;
import org.reelway.transfer.Capabilities;
import org.reelway.transfer.LedgerStore;
import org.reelway.transfer.RecordingAttributes;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.StoreDirectory;
import org.reelway.transfer.TransferTarget;
import org.reelway.transfer.Transfers;
import org.reelway.transfer.observe.TransferHistory;
import org.reelway.transfer.observe.TransferMetrics;
import org.reelway.transfer.observe.TransferObservers;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreConnection;
import org.reelway.transfer.store.StoreCredentials;
import org.reelway.transfer.store.Transport;

/** The parts of the recordings flow, joined as the program joins them, around a real store and a clock that is set. */
final class FlowFixture implements AutoCloseable {
  static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
  static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(8), Duration.ofMinutes(5));

  static final Duration REST = Duration.ofMinutes(2);

  final SetClock clock = new SetClock(START);
  final MarkerQueue queue = new MarkerQueue(clock);
  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final StoreOutlook outlook = new StoreOutlook(clock);
  final WatchedFolders folders = new WatchedFolders();
  final AtomicBoolean stopping = new AtomicBoolean();
  final Path state;
  final Recordings recordings;
  final RecordingFolder folder;
  final Markers markers;
  final StateDatabase database;
  final FinishedRecordings finished = new FinishedRecordings(List.of());
  final BegunUploads begun;
  final Store store;
  final AbandonedUploads abandoned;
  final AbortQueue aborts;
  final FolderIntake intake;
  final RecordingFlow flow;
  final RecordingHistory history;
  private final Transfers transfers;
  final StateWriter writer;

  FlowFixture(Path temp, TestStore server) {
    this(temp, server, store -> store);
  }

  /** @param between what stands between the flow and the real store */
  FlowFixture(Path temp, TestStore server, UnaryOperator<Store> between) {
    this(temp, between.apply(connect(server)), new StoreCapabilities(ChecksumKind.CRC64NVME, true, true, true));
  }

  /** @param through the way to the real store */
  FlowFixture(Path temp, Store through, StoreCapabilities capabilities) {
    this(temp, temp.resolve("recordings"), through, capabilities);
  }

  FlowFixture(Path temp, Path watched, Store through, StoreCapabilities capabilities) {
    this(temp, watched, through, bucket -> capabilities);
  }

  /** @param watched the recordings, which another sidecar may watch as well */
  FlowFixture(Path temp, Path watched, Store through, Capabilities capabilities) {
    state = temp.resolve("state");
    recordings = new Recordings(made(watched));
    folder = RecordingFolder.of(recordings.folder(), state.resolve("markers"));
    markers = new Markers(state.resolve("set-aside"), clock);
    database = TestState.open(made(state), clock);
    writer = new StateWriter(database.jdbi());
    history = new RecordingHistory(database.jdbi(), writer, clock, "here");
    begun = new BegunUploads(database.jdbi(), writer, clock, "here");
    store = new LedgerStore(through, begun);
    abandoned = new AbandonedUploads(database.jdbi(), clock, "here");
    aborts = new AbortQueue(store, abandoned, begun::isOurs);
    intake = intake(folder);
    transfers =
        new Transfers(
            store,
            markers,
            capabilities,
            aborts,
            new TransferObservers(List.of(new TransferHistory(history), new TransferMetrics(metrics, clock))),
            new Transfers.Limits(
                6L << 20, 5L << 20, 2, 2, new Backoff(Duration.ofMillis(1), Duration.ofMillis(2))),
            RecordingAttributes.NONE, clock, new StoreDirectory());
    flow =
        new RecordingFlow(
            Map.of("", new StoreWay(transfers, outlook, SecondStore.NONE)), markers, history, finished, BACKOFF, REST, clock,
            stopping::get);
  }

  static S3Store connect(TestStore server) {
    return connect(server.endpoint(), Duration.ofSeconds(20));
  }

  /** @param idle the longest silence of the store */
  static S3Store connect(URI endpoint, Duration idle) {
    return connect(endpoint, idle, "");
  }

  /** @param name of the store; empty for the primary */
  static S3Store connect(URI endpoint, Duration idle, String name) {
    return new S3Store(
        new StoreConnection(
            endpoint,
            "us-east-1",
            true,
            Duration.ofSeconds(5),
            idle,
            Transport.direct(null),
            StoreCredentials.fixed(TestStore.ACCESS_KEY, TestStore.SECRET_KEY),
            name.isEmpty() ? "reelway.store" : "reelway.store." + name));
  }

  /** As a probe at the start of the clock that found a store to take CRC32C and conditions everywhere. */
  static void rememberAll(Path file, Store store) throws IOException {
    Files.writeString(
        Files.createDirectories(file.getParent()).resolve(file.getFileName()),
        "{\"" + store.address() + "/" + TestStore.BUCKET + " \": {\"at\": " + START.toEpochMilli()
            + ", \"checksum\": \"CRC32C\", \"putChecked\": true, \"part\": \"CRC32C\", \"declared\": true, \"whole\": true, \"putIfAbsent\": true,"
            + " \"completeIfAbsent\": true, \"putIfMatch\": true, \"completeIfMatch\": true}}");
  }

  private static Path made(Path folder) {
    try {
      return Files.createDirectories(folder).toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FolderIntake intake(RecordingFolder watched) {
    return new FolderIntake(
        watched, markers, queue, Set.of("mp4"), Duration.ZERO, finished, (recording, by, stream) -> {}, clock);
  }

  /** An upload of our own, as the state knows it. */
  String beginUpload(String key) {
    return store.createMultipart(TestStore.BUCKET, key, ObjectAttributes.NONE, ChecksumKind.MD5);
  }

  RestartPolicy restartPolicy(OnRestart choice) {
    return new RestartPolicy(choice, markers, new org.reelway.recording.Claims(), aborts, history, finished);
  }

  /** A recording of a few bytes that a media server has marked. */
  MarkedRecording marked(String name) {
    Path file = recordings.random(name, 1000, name.hashCode());
    Recordings.mark(file);
    return found(file);
  }

  /** As a look at the folder finds it. */
  MarkedRecording found(Path file) {
    return new FolderScan(folder, Set.of())
        .look().marked().stream().filter(recording -> recording.file().equals(file)).findFirst().orElseThrow();
  }

  /** In hand, as a worker has it. */
  RecordingWork inHand(MarkedRecording recording) {
    queue.offer(List.of(recording), added -> {});
    return next();
  }

  /** The work that the queue hands out now. */
  RecordingWork next() {
    try {
      MarkedRecording next = queue.take(Duration.ZERO).orElseThrow();
      return new RecordingWork(next, queue, RecordingFlow.idOf(next));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The retries and failed tries that the metrics tell. */
  double failuresSeen() {
    double all = 0;
    for (String name : List.of("reelway.transfer.retries", "reelway.transfers.failed")) {
      all += metrics.find(name).counters().stream().mapToDouble(counter -> counter.count()).sum();
    }
    return all;
  }

  /** What the story of the recording tells, oldest first. */
  List<String> events(String id) {
    return history.find(id).orElseThrow().events().stream().map(RecordingStory.Event::what).toList();
  }

  boolean nothingIsDue() throws InterruptedException {
    return queue.take(Duration.ZERO).isEmpty();
  }

  static TransferTarget target() {
    return new TransferTarget(TestStore.BUCKET, "", "", OnExisting.OVERWRITE);
  }

  /** The history is written in the background. */
  void awaitState(String id, String state) {
    await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5))
        .until(() -> history.find(id).map(RecordingStory::state), Optional.of(state)::equals);
  }

  @Override
  public void close() {
    transfers.close();
    writer.close();
    store.close();
    if (TestState.isOnPostgres(state)) {
      // A server has so many connections only.
      database.close();
    }
  }
}
