package org.reelway.transfer.flow;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reelway.recording.FolderIntake;
import org.reelway.recording.FolderScan;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerQueue;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingFolder;
import org.reelway.recording.SetClock;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.settings.TransferSettings.OnExisting;
import org.reelway.state.AbandonedUploads;
import org.reelway.state.BackupCopies;
import org.reelway.state.BegunUploads;
import org.reelway.state.KeptFiles;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingStory;
import org.reelway.state.StateDatabase;
import org.reelway.state.StateWriter;
import org.reelway.state.TestState;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.Backoff;
import org.reelway.transfer.LedgerStore;
import org.reelway.transfer.RecordingAttributes;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.StoreDirectory;
import org.reelway.transfer.StoreProbe;
import org.reelway.transfer.TransferTarget;
import org.reelway.transfer.Transfers;
import org.reelway.transfer.VerifiedObject;
import org.reelway.transfer.backup.Backup;
import org.reelway.transfer.backup.BackupPlace;
import org.reelway.transfer.backup.HomeStore;
import org.reelway.transfer.backup.PrimaryTrouble;
import org.reelway.transfer.backup.ReturnStep;
import org.reelway.transfer.observe.TransferHistory;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Store;

/** One run of the parts of the flow with a backup, as the program joins them, and a clock that is set. */
final class BackupFixture implements AutoCloseable {
  static final Duration AFTER = Duration.ofMinutes(15);
  static final String PREFIX = "shelter";

  private static final StoreCapabilities ABLE = new StoreCapabilities(ChecksumKind.CRC64NVME, true, true, true);

  final SetClock clock;
  final Path state;
  final Recordings recordings;
  final MarkerQueue queue;
  final StoreOutlook outlook;
  final RecordingHistory history;
  final BackupCopies copies;
  final AbortQueue primaryAborts;
  final RecordingFlow flow;
  final Backup backup;
  final StoreReturn storeReturn;
  final AtomicBoolean stopping = new AtomicBoolean();
  /** What the route does with a recording that is back. */
  ReturnStep step = (back, recovered, bytes, object) -> {};
  private final String home;
  private final RecordingFolder folder;
  private final Markers markers;
  private final StateWriter writer;
  private final Store primaryStore;
  private final Store backupStore;
  private final Transfers primary;
  private final Transfers into;

  BackupFixture(Path temp, SetClock clock, FaultyStore primaryWire, FaultyStore backupWire) {
    this(temp, clock, primaryWire, backupWire, "");
  }

  /** @param home name of the store that recordings go to; empty for the primary */
  BackupFixture(Path temp, SetClock clock, FaultyStore primaryWire, FaultyStore backupWire, String home) {
    this.home = home;
    this.clock = clock;
    state = made(temp.resolve("state"));
    recordings = new Recordings(made(temp.resolve("recordings")));
    folder = RecordingFolder.of(recordings.folder(), state.resolve("markers"));
    markers = new Markers(state.resolve("set-aside"), clock);
    queue = new MarkerQueue(clock);
    outlook = new StoreOutlook(clock);
    StateDatabase database = TestState.open(state, clock);
    writer = new StateWriter(database.jdbi());
    history = new RecordingHistory(database.jdbi(), writer, clock, "here");
    copies = new BackupCopies(database.jdbi(), clock, "here");
    BegunUploads begun = new BegunUploads(database.jdbi(), writer, clock, "here");
    primaryStore = new LedgerStore(FlowFixture.connect(primaryWire.endpoint(), Duration.ofSeconds(20), home), begun);
    backupStore = new LedgerStore(FlowFixture.connect(backupWire.endpoint(), Duration.ofSeconds(20)), begun);
    primaryAborts = new AbortQueue(primaryStore, new AbandonedUploads(database.jdbi(), clock, "here"), begun::isOurs);
    AbortQueue backupAborts =
        new AbortQueue(backupStore, new AbandonedUploads(database.jdbi(), clock, "here", "reelway.backup"), begun::isOurs);
    primary = transfers(primaryStore, primaryAborts);
    into = transfers(backupStore, backupAborts);
    FinishedRecordings finished = new FinishedRecordings(history.finishedIds());
    WatchedFolders folders = new WatchedFolders();
    folders.add(
        new FolderIntake(
            folder, markers, queue, Set.of("mp4"), Duration.ZERO, finished, (recording, by, stream) -> {}, clock));
    storeReturn = new StoreReturn(primaryStore, TestStore.BUCKET, outlook, folders);
    backup =
        new Backup(
            new BackupPlace(backupStore, into, TestStore.BUCKET, PREFIX),
            bucket -> ABLE,
            List.of(
                new HomeStore(
                    home, primaryStore.address(), primary, outlook,
                    new PrimaryTrouble(outlook, AFTER, this::takesProbe, clock))),
            copies,
            markers,
            folders,
            new KeptFiles(database.jdbi(), clock, "here"),
            backupAborts,
            history,
            (back, recovered, bytes, object) -> step.returned(back, recovered, bytes, object),
            state.resolve("backup"),
            stopping::get,
            clock);
    flow =
        new RecordingFlow(
            Map.of(home, new StoreWay(primary, outlook, backup.store(home))), markers, history, finished, FlowFixture.BACKOFF,
            FlowFixture.REST, clock, () -> false);
  }

  private Transfers transfers(Store store, AbortQueue aborts) {
    return new Transfers(
        store,
        markers,
        bucket -> ABLE,
        aborts,
        new TransferHistory(history),
        new Transfers.Limits(6L << 20, 5L << 20, 2, 1, new Backoff(Duration.ofMillis(1), Duration.ofMillis(2))),
        RecordingAttributes.NONE, clock, new StoreDirectory());
  }

  private boolean takesProbe() {
    return new StoreProbe(primaryStore, TestStore.BUCKET, "", Optional.empty()).run().works();
  }

  private static Path made(Path folder) {
    try {
      return Files.createDirectories(folder).toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path recording(String name, int bytes) {
    Path file = recordings.random(name, bytes, name.hashCode());
    Recordings.mark(file);
    return file;
  }

  RecordingWork inHand(Path file) {
    MarkedRecording found =
        new FolderScan(folder, Set.of())
            .look().marked().stream().filter(recording -> recording.file().equals(file)).findFirst().orElseThrow();
    return new RecordingWork(found, queue, RecordingFlow.idOf(found));
  }

  VerifiedObject transfer(RecordingWork work) {
    return flow.transfer(work, new TransferTarget(TestStore.BUCKET, "archive", "", OnExisting.OVERWRITE, false, home));
  }

  /** The route's way, when it does not fail. */
  RecordingWork send(Path file, Tidy tidy) {
    RecordingWork work = inHand(file);
    transfer(work);
    flow.tidy(work, tidy, null);
    awaitState(work.id(), "done");
    return work;
  }

  /** The history is written in the background. */
  void awaitState(String id, String state) {
    await().until(() -> history.find(id).map(RecordingStory::state), Optional.of(state)::equals);
  }

  List<String> events(String id) {
    return history.find(id).orElseThrow().events().stream().map(event -> event.what()).toList();
  }

  @Override
  public void close() {
    primary.close();
    into.close();
    writer.close();
    primaryStore.close();
    backupStore.close();
  }
}
