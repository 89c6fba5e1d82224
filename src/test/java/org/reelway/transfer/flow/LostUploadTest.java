package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent.Resume;
import org.reelway.recording.RecordingId;
import org.reelway.recording.SetClock;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreRequest;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.ProbedCapabilities;
import org.reelway.transfer.StoreProbe;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Store;

/** Uploads that a lifecycle rule or an operator took away, at stores that have names of their own for it. */
class LostUploadTest {
  private static final int LARGE = 12 * Recordings.MIB;
  private static final AtomicInteger NAMES = new AtomicInteger();

  @TempDir static Path stored;
  private static TestStore server;

  @TempDir Path temp;
  private String name;

  @BeforeAll
  static void start() {
    server = TestStore.start(stored.resolve("store"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void name() {
    name = "lost-" + NAMES.incrementAndGet() + ".mp4";
  }

  /** Of a store that was probed as it is now. */
  private FlowFixture through(FaultyStore faulty) {
    Store store = FlowFixture.connect(faulty.endpoint(), Duration.ofSeconds(20));
    ProbedCapabilities probed =
        new ProbedCapabilities(
            bucket -> new StoreProbe(store, bucket, "", Optional.of(ChecksumKind.CRC32C)), store.address(), "",
            temp.resolve("store-probe.json"), new SetClock(FlowFixture.START));
    probed.apply(TestStore.BUCKET);
    return new FlowFixture(temp, temp.resolve("recordings"), store, probed);
  }

  /** A recording whose first try failed at its last part: its marker names the upload. */
  private MarkedRecording begun(FlowFixture parts, FaultyStore faulty) throws Exception {
    faulty.direct(request -> request.part() == 3 ? StoreFault.refusal(403, "AccessDenied") : null);
    Path file = parts.recordings.random(name, LARGE, 1);
    Recordings.mark(file);
    MarkedRecording recording = parts.found(file);
    parts.queue.offer(java.util.List.of(recording), added -> {});
    tryOnce(parts);
    faulty.direct(request -> null);
    return recording;
  }

  private static void tryOnce(FlowFixture parts) throws Exception {
    RecordingWork work = parts.next();
    try {
      parts.flow.transfer(work, FlowFixture.target());
      parts.flow.ended(work, null);
    } catch (org.reelway.failure.Failure failure) {
      parts.flow.ended(work, failure);
    }
    parts.clock.forward(FlowFixture.BACKOFF.most());
  }

  private static String uploadOf(FlowFixture parts, MarkedRecording recording) {
    return ((Resume) parts.markers.read(recording)).upload().uploadId();
  }

  private static Function<StoreRequest, StoreFault> answers(Operation operation, String uploadId, StoreFault answer) {
    return request -> request.operation() == operation && request.target().contains(uploadId) ? answer : null;
  }

  private void assertSentAgainAndSaid(FlowFixture parts, MarkedRecording recording, LogLines log) throws Exception {
    assertThat(server.bytes(name)).isEqualTo(Recordings.bytes(recording.file()));
    assertThat(parts.events(RecordingFlow.idOf(recording))).anyMatch(event -> event.contains("begun again from the start"));
    assertThat(log.of("WARN")).filteredOn(line -> line.contains("begun again")).singleElement().asString()
        .contains(recording.file().toString());
    assertThat(parts.outlook.error()).as("the store is well").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"404, NoSuchKey", "500, InternalError", "400, InvalidArgument"})
  void anUploadWhosePartsAreNotThereIsBegunAnewWhateverTheStoreCallsIt(int status, String code) throws Exception {
    try (FaultyStore faulty = FaultyStore.before(server.endpoint());
        FlowFixture parts = through(faulty);
        LogLines log = new LogLines("org.reelway")) {
      MarkedRecording recording = begun(parts, faulty);
      String gone = uploadOf(parts, recording);
      server.client().abortMultipartUpload(abort -> abort.bucket(TestStore.BUCKET).key(name).uploadId(gone));
      faulty.direct(answers(Operation.LIST_PARTS, gone, StoreFault.refusal(status, code)));

      tryOnce(parts);

      assertSentAgainAndSaid(parts, recording, log);
    }
  }

  @ParameterizedTest
  @CsvSource({"COMPLETE, 500, InternalError", "COMPLETE, 404, NoSuchKey", "PART, 404, NoSuchKey"})
  void anUploadThatIsTakenAwayWhileItIsSentIsBegunAnew(Operation operation, int status, String code) throws Exception {
    try (FaultyStore faulty = FaultyStore.before(server.endpoint());
        FlowFixture parts = through(faulty);
        LogLines log = new LogLines("org.reelway")) {
      MarkedRecording recording = begun(parts, faulty);
      String gone = uploadOf(parts, recording);
      faulty.onRequest(
          request -> {
            if (request.operation() == operation && request.target().contains(gone) && server.uploads().contains(gone)) {
              server.client().abortMultipartUpload(abort -> abort.bucket(TestStore.BUCKET).key(name).uploadId(gone));
            }
          });
      faulty.direct(answers(operation, gone, StoreFault.refusal(status, code)));

      tryOnce(parts);

      assertSentAgainAndSaid(parts, recording, log);
    }
  }

  @Test
  void anUploadWhosePartsMayNeverBeListedIsBegunAnewAndTheOldOneAborted() throws Exception {
    try (FaultyStore faulty = FaultyStore.before(server.endpoint())) {
      faulty.direct(noLists());
      try (FlowFixture parts = through(faulty);
          LogLines log = new LogLines("org.reelway")) {
        MarkedRecording recording = begun(parts, faulty);
        faulty.direct(noLists());

        tryOnce(parts);

        assertSentAgainAndSaid(parts, recording, log);
        assertThat(server.uploads()).isEmpty();
      }
    }
  }

  @Test
  void aRightToListPartsThatWasTakenAwayIsNoticedAtTheSecondTry() throws Exception {
    try (FaultyStore faulty = FaultyStore.before(server.endpoint());
        FlowFixture parts = through(faulty);
        LogLines log = new LogLines("org.reelway")) {
      MarkedRecording recording = begun(parts, faulty);
      faulty.direct(noLists());

      tryOnce(parts);
      assertThat(server.has(name)).isFalse();
      tryOnce(parts);

      assertSentAgainAndSaid(parts, recording, log);
      assertThat(server.uploads()).isEmpty();
    }
  }

  private static Function<StoreRequest, StoreFault> noLists() {
    return answers(Operation.LIST_PARTS, "", StoreFault.refusal(403, "AccessDenied"));
  }

  @ParameterizedTest
  @CsvSource({"500, InternalError", "403, InvalidAccessKeyId", "403, AccessDenied", "400, InvalidRequest"})
  void anUploadThatIsThereIsNeverGivenUpForWhatPasses(int status, String code) throws Exception {
    try (FaultyStore faulty = FaultyStore.before(server.endpoint());
        FlowFixture parts = through(faulty)) {
      MarkedRecording recording = begun(parts, faulty);
      String upload = uploadOf(parts, recording);
      faulty.failAlways(Operation.LIST_PARTS, StoreFault.refusal(status, code));
      tryOnce(parts);
      assertThat(uploadOf(parts, recording)).isEqualTo(upload);
      faulty.heal();

      tryOnce(parts);

      assertThat(server.bytes(name)).isEqualTo(Recordings.bytes(recording.file()));
      assertThat(parts.events(RecordingFlow.idOf(recording))).noneMatch(event -> event.contains("begun again"));
    }
  }
}
