package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.FolderScan;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent;
import org.reelway.recording.TidyUp;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.testkit.ForwardingStore;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.RecordingChanged;
import org.reelway.transfer.TransferStopped;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredObject;

class RecordingFlowTest {
  private static final String TOLD = "{\"reelway\":{\"version\":1,\"state\":\"marked\",\"stream\":\"s\"}}";

  @TempDir static Path stored;
  private static TestStore server;

  @TempDir Path temp;
  private FlowFixture parts;
  private RecordingFlow flow;
  private LogLines log;
  private boolean storeShowsOtherBytes;

  @BeforeAll
  static void start() {
    server = TestStore.start(stored.resolve("store"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void join() {
    parts = new FlowFixture(temp, server, ShowingOther::new);
    flow = parts.flow;
    log = new LogLines("org.reelway");
  }

  @AfterEach
  void part() {
    log.close();
    parts.close();
  }

  private final class ShowingOther extends ForwardingStore {
    ShowingOther(Store real) {
      super(real);
    }

    private StoredObject shown(StoredObject found) {
      Map<ChecksumKind, String> other = Map.of(ChecksumKind.CRC64NVME, "AAAAAAAAAAA=");
      return storeShowsOtherBytes ? new StoredObject(found.size(), "another", null, other, found.metadata()) : found;
    }

    @Override
    public Optional<StoredObject> head(String bucket, String key) {
      return super.head(bucket, key).map(this::shown);
    }

    @Override
    public StoredObject put(
        String bucket, String key, Body body, Checksum checksum, ObjectAttributes attributes, Precondition precondition,
        Sent sent) {
      return shown(super.put(bucket, key, body, checksum, attributes, precondition, sent));
    }

    @Override
    public void get(String bucket, String key, OutputStream to) {
      throw new AssertionError("nothing is read back");
    }
  }

  private RecordingWork transferred(String name) {
    RecordingWork work = parts.inHand(parts.marked(name));
    flow.transfer(work, FlowFixture.target());
    return work;
  }

  private void assertDone(RecordingWork work) throws Exception {
    assertThat(work.isConcluded()).isTrue();
    assertThat(work.recording().marker()).doesNotExist();
    assertThat(parts.queue.size()).isZero();
    assertThat(parts.finished.contains(work.id())).isTrue();
  }

  private static DestinationFailure away() {
    return new DestinationFailure("the store is away");
  }

  private Path set(String folder) {
    return parts.state.resolve(folder);
  }

  // ---- transfer and tidy

  @Test
  void aRecordingThatIsKeptLosesItsMarkerOnlyAndIsToldOnce() throws Exception {
    RecordingWork work = transferred("kept.mp4");
    assertThat(work.recording().marker()).as("until it is tidied").exists();

    assertThat(flow.tidy(work, Tidy.KEEP, null)).isEqualTo(TidyUp.Outcome.KEPT);
    flow.ended(work, null);

    assertDone(work);
    assertThat(work.recording().file()).exists();
    assertThat(server.bytes("kept.mp4")).isEqualTo(Recordings.bytes(work.recording().file()));
    parts.awaitState(work.id(), "done");
    assertThat(log.all()).hasSize(1).allMatch(line -> line.contains("kept.mp4") && line.contains("1000 bytes"));
    assertThat(parts.outlook.lastSuccess()).contains(FlowFixture.START);
  }

  @Test
  void aRecordingThatIsDeletedIsInTheStore() throws Exception {
    RecordingWork work = transferred("x/deleted.mp4");
    byte[] bytes = Recordings.bytes(work.recording().file());

    assertThat(flow.tidy(work, Tidy.DELETE, null)).isEqualTo(TidyUp.Outcome.DELETED);

    assertDone(work);
    assertThat(work.recording().file()).doesNotExist();
    assertThat(server.bytes("x/deleted.mp4")).isEqualTo(bytes);
  }

  @Test
  void aRecordingThatIsMovedKeepsItsPathBelowTheOtherFolder() throws Exception {
    RecordingWork work = transferred("x/moved.mp4");
    byte[] bytes = Recordings.bytes(work.recording().file());

    assertThat(flow.tidy(work, Tidy.MOVE, temp.resolve("sent"))).isEqualTo(TidyUp.Outcome.MOVED);

    assertDone(work);
    assertThat(work.recording().file()).doesNotExist();
    assertThat(temp.resolve("sent/x/moved.mp4")).hasBinaryContent(bytes);
  }

  @Test
  void afterAKillBetweenTheDeletionAndTheMarkersRemovalOnlyTheMarkerIsLeftToDo() throws Exception {
    RecordingWork before = transferred("killed.mp4");
    Path file = before.recording().file();
    Path noFolder = Files.writeString(temp.resolve("a-file"), "");
    assertThatThrownBy(() -> flow.tidy(before, Tidy.MOVE, noFolder)).isInstanceOf(OurFailure.class);
    assertThat(parts.markers.read(before.recording())).isInstanceOf(MarkerContent.Verified.class);
    assertThat(file).exists();
    // As a kill leaves it: the file was tidied, the marker not yet removed.
    Files.delete(file);
    parts.queue.done(before.recording());

    RecordingWork again = parts.inHand(parts.found(file));
    flow.transfer(again, FlowFixture.target());

    assertThat(flow.tidy(again, Tidy.DELETE, null)).isEqualTo(TidyUp.Outcome.GONE);
    assertDone(again);
    parts.awaitState(before.id(), "done");
  }

  @ParameterizedTest
  @EnumSource(Tidy.class)
  void nothingIsTidiedBeforeItIsVerified(Tidy tidy) {
    RecordingWork work = parts.inHand(parts.marked("early.mp4"));

    assertThatThrownBy(() -> flow.tidy(work, tidy, temp.resolve("sent")))
        .isInstanceOf(OurFailure.class)
        .hasMessageContaining("early.mp4 before any transfer verified it; place kamelet:store-transfer before");

    assertThat(work.recording().file()).exists();
    assertThat(work.recording().marker()).isEmptyFile();
    assertThat(work.isConcluded()).isFalse();
  }

  @Test
  void anObjectThatIsNotTheFileNeverLetsTheFileGo() {
    storeShowsOtherBytes = true;
    RecordingWork work = parts.inHand(parts.marked("other.mp4"));

    assertThatThrownBy(() -> flow.transfer(work, FlowFixture.target()))
        .isInstanceOf(DestinationFailure.class)
        .hasMessageContaining("is not what was sent");

    assertThat(work.verified()).isEmpty();
    assertThatThrownBy(() -> flow.tidy(work, Tidy.DELETE, null)).isInstanceOf(OurFailure.class);
    assertThat(work.recording().file()).exists();
    assertThat(work.recording().marker()).exists();
  }

  @ParameterizedTest
  @EnumSource(Tidy.class)
  void aFileThatWasReplacedSinceItsVerificationStaysAndIsSentAgain(Tidy tidy) throws Exception {
    RecordingWork work = transferred("replaced.mp4");
    Path file = work.recording().file();
    Path next = parts.recordings.random("next.tmp", 2000, 7);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    byte[] bytes = Recordings.bytes(file);

    assertThat(flow.tidy(work, tidy, temp.resolve("sent"))).isEqualTo(TidyUp.Outcome.REPLACED);

    assertThat(file).hasBinaryContent(bytes);
    assertThat(parts.markers.read(work.recording())).isInstanceOf(MarkerContent.Replaced.class);
    parts.clock.forward(FlowFixture.REST);
    RecordingWork again = parts.next();
    assertThat(again.id()).isNotEqualTo(work.id());
    flow.transfer(again, FlowFixture.target());
    flow.tidy(again, Tidy.KEEP, null);
    assertDone(again);
    assertThat(server.bytes("replaced.mp4")).isEqualTo(bytes);
  }

  @Test
  void aFileThatReplacedARecordingIsSentOnlyAfterItHasRested() throws Exception {
    RecordingWork work = transferred("growing.mp4");
    Path file = work.recording().file();
    Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
    flow.tidy(work, Tidy.DELETE, null);
    assertThat(parts.nothingIsDue()).isTrue();

    // The store came back, for instance: that is no reason to send what is still written.
    parts.queue.retryNow();
    assertResting(parts.next());
    parts.clock.forward(FlowFixture.REST.minusMillis(1));
    assertThat(parts.nothingIsDue()).isTrue();
    parts.clock.forward(Duration.ofMillis(1));
    Files.write(file, new byte[] {2}, StandardOpenOption.APPEND);
    assertResting(parts.next());
    parts.clock.forward(FlowFixture.REST);

    RecordingWork rested = parts.next();
    flow.transfer(rested, FlowFixture.target());
    flow.tidy(rested, Tidy.KEEP, null);

    assertDone(rested);
    assertThat(server.bytes("growing.mp4")).hasSize(1002).isEqualTo(Recordings.bytes(file));
  }

  private void assertResting(RecordingWork work) {
    assertThatThrownBy(() -> flow.transfer(work, FlowFixture.target()))
        .isInstanceOf(RecordingChanged.class)
        .hasMessageContaining("growing.mp4 replaced a recording");
    flow.ended(work, new RecordingChanged("it must rest"));
    assertThat(work.recording().marker()).exists();
  }

  // ---- the other ends

  @Test
  void aSkippedRecordingKeepsItsFileAndIsNotTakenAgain() {
    RecordingWork work = parts.inHand(parts.marked("skipped.mp4"));

    flow.skip(work, "too short");
    flow.ended(work, null);

    assertThat(work.recording().file()).exists();
    assertThat(work.recording().marker()).doesNotExist();
    assertThat(parts.finished.contains(work.id())).isTrue();
    assertThat(parts.queue.size()).isZero();
    assertThat(server.has("skipped.mp4")).isFalse();
  }

  @Test
  void aRecordingThatIsSetAsideKeepsItsFileAndACopyOfItsMarker() throws Exception {
    Path file = parts.recordings.random("aside.mp4", 10, 1);
    Recordings.mark(file, TOLD);
    RecordingWork work = parts.inHand(parts.found(file));
    parts.history.found(work.id(), file.toString(), "aside.mp4", 10, null, "marker");

    flow.ended(work, new IllegalStateException(new InputFailure("it has no key")));

    assertThat(file).exists();
    assertThat(work.recording().marker()).doesNotExist();
    assertThat(set("set-aside").toFile().listFiles())
        .hasSize(1)
        .allSatisfy(copy -> assertThat(copy).hasContent(TOLD));
    assertThat(parts.queue.size()).isZero();
    assertThat(parts.finished.contains(work.id())).isTrue();
    assertThat(log.of("ERROR")).hasSize(1).allMatch(line -> line.startsWith("ERROR set aside (input): it has no key"));
    parts.awaitState(work.id(), "set-aside");
  }

  @Test
  void oneThatCannotBeSetAsideIsTriedAgainLater() throws Exception {
    RecordingWork work = parts.inHand(parts.marked("aside.mp4"));
    Files.writeString(set("set-aside"), "a file where the folder should be");

    flow.ended(work, new InputFailure("it is wrong"));

    assertThat(work.recording().marker()).exists();
    assertThat(parts.queue.contains(work.recording().file())).isTrue();
    parts.clock.forward(FlowFixture.BACKOFF.first());
    assertThat(parts.next().recording()).isEqualTo(work.recording());
  }

  @Test
  void theWaitBetweenTriesGrowsAndAnOutageIsOneLineInTheLogAndItsEndAnother() throws Exception {
    MarkedRecording first = parts.marked("a.mp4");
    RecordingWork work = parts.inHand(first);
    Duration whole = FlowFixture.BACKOFF.first();
    for (int failures = 1; failures <= 5; failures++) {
      flow.ended(work, away());
      parts.clock.forward(whole.dividedBy(2).minusMillis(1));
      assertThat(parts.nothingIsDue()).as("after half of %s", whole).isTrue();
      parts.clock.forward(whole.dividedBy(2).plusMillis(1));
      work = parts.next();
      whole = whole.multipliedBy(2);
    }
    flow.ended(parts.inHand(parts.marked("b.mp4")), away());

    assertThat(log.all()).hasSize(1).allMatch(line -> line.startsWith("WARN the store is away; recordings stay"));
    assertThat(parts.outlook.error()).contains("the store is away");
    assertThat(parts.outlook.failingSince()).contains(FlowFixture.START);

    flow.transfer(work, FlowFixture.target());

    assertThat(log.all()).hasSize(2).last().asString().startsWith("INFO the store takes recordings again after");
    assertThat(parts.outlook.error()).isEmpty();
    flow.tidy(work, Tidy.KEEP, null);
    flow.ended(parts.inHand(parts.marked("c.mp4")), away());
    assertThat(log.of("WARN")).as("the next outage").hasSize(2);
  }

  @Test
  void aFaultOfOursIsSaidOnceForARecordingAndIsNoOutage() {
    RecordingWork work = parts.inHand(parts.marked("ours.mp4"));
    flow.ended(work, new OurFailure("the disk is full"));
    parts.clock.forward(FlowFixture.BACKOFF.first());

    flow.ended(parts.next(), new OurFailure("the disk is full"));

    assertThat(log.all()).hasSize(1).allMatch(line -> line.startsWith("ERROR ") && line.contains("the disk is full"));
    assertThat(parts.outlook.error()).isEmpty();
    assertThat(work.recording().marker()).exists();
  }

  @Test
  void aRecordingThatChangedIsNotSetAsideButTriedAgain() {
    RecordingWork work = parts.inHand(parts.marked("growing.mp4"));

    flow.ended(work, new RecordingChanged("it grew"));

    assertThat(work.recording().marker()).exists();
    assertThat(parts.queue.contains(work.recording().file())).isTrue();
    assertThat(set("set-aside")).doesNotExist();
    assertThat(log.all()).containsExactly("INFO it grew");
  }

  @Test
  void aStopCountsAsNoTryAndSaysNothing() throws Exception {
    RecordingWork work = parts.inHand(parts.marked("stopped.mp4"));
    flow.ended(work, new TransferStopped(null));
    RecordingWork again = parts.next();
    parts.stopping.set(true);

    flow.ended(again, away());

    assertThat(parts.queue.failed(again.recording())).as("the first failure").isEqualTo(1);
    assertThat(log.all()).isEmpty();
    assertThat(parts.outlook.error()).isEmpty();
  }

  @Test
  void aRouteThatDecidesNothingGetsTheRecordingAgainInFiveMinutes() throws Exception {
    RecordingWork work = transferred("undecided.mp4");

    flow.ended(work, null);

    assertThat(work.recording().file()).exists();
    assertThat(work.recording().marker()).exists();
    assertThat(log.of("WARN")).hasSize(1).allMatch(line -> line.contains("recording-tidy or kamelet:recording-skip"));
    parts.clock.forward(Duration.ofMinutes(5).minusMillis(1));
    assertThat(parts.nothingIsDue()).isTrue();
    parts.clock.forward(Duration.ofMillis(1));
    assertThat(parts.next().recording()).isEqualTo(work.recording());
  }

  @Test
  void theFirstConclusionCountsAndNoOtherFollows() {
    RecordingWork work = transferred("twice.mp4");
    flow.tidy(work, Tidy.KEEP, null);

    flow.skip(work, "too late");
    flow.setAside(work, new InputFailure("too late"));
    flow.retryLater(work, away());
    flow.ended(work, away());

    assertThat(parts.queue.size()).isZero();
    assertThat(log.of("WARN")).isEmpty();
    assertThat(log.of("ERROR")).isEmpty();
    assertThat(work.recording().marker()).doesNotExist();
  }

  @Test
  void aConclusionThatFailsLeavesTheRecordingInTheQueue() throws Exception {
    RecordingWork work = transferred("stuck.mp4");
    Path inTheWay = parts.folder.shadowMarker(work.recording().file());
    Files.createDirectories(inTheWay.resolve("not-empty"));

    assertThatThrownBy(() -> flow.tidy(work, Tidy.KEEP, null))
        .isInstanceOf(OurFailure.class)
        .hasMessageContaining("cannot be removed");

    assertThat(work.isConcluded()).isFalse();
    assertThat(parts.finished.contains(work.id())).isFalse();
    flow.ended(work, new OurFailure("the marker cannot be removed"));
    assertThat(work.isConcluded()).isTrue();
    assertThat(parts.queue.contains(work.recording().file())).isTrue();
  }

  @Test
  void aFinishedRecordingThatIsKeptIsNotFoundAgainAndAMissingOneHasAnIdOfItsPath() throws Exception {
    RecordingWork work = transferred("found.mp4");
    flow.tidy(work, Tidy.KEEP, null);
    assertThat(new FolderScan(parts.folder, Set.of("mp4")).look().unmarked()).containsExactly(work.recording().file());
    assertThat(parts.finished.contains(RecordingFlow.idOf(work.recording()))).isTrue();
    Files.delete(work.recording().file());
    assertThat(RecordingFlow.idOf(work.recording())).hasSize(20).isNotEqualTo(work.id());
  }
}
