package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.RecordingId;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.UploadChecksums;
import org.reelway.transfer.store.ChecksumKind;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Each kind of request, hit by each kind of fault, for a moment and for longer than a request is repeated: the recording
 * becomes one verified object, the retries are told, and its file goes only then.
 */
class FaultMatrixTest {
  /** The store's silence is found soon; a busy machine that is called silent is only one retry more. */
  /** Of cells that wait for it to be over. */
  private static final Duration SHORT_IDLE = Duration.ofMillis(400);
  /** Of all others: a machine that is busy is no fault of the store. */
  private static final Duration IDLE = Duration.ofSeconds(20);

  private static final int SMALL = 50_000;
  private static final int LARGE = 6 * Recordings.MIB + 4711;
  private static final int FOR_A_MOMENT = 1;
  /** More than one request's attempts, which are two here: the recording itself has to wait for its next try. */
  private static final int FOR_LONGER = 3;
  private static final int MOST_TRIES = 20;
  private static final AtomicInteger CELLS = new AtomicInteger();

  @TempDir static Path stored;
  private static TestStore server;

  @TempDir Path temp;
  private FaultyStore faulty;
  private LogLines log;

  @BeforeAll
  static void start() {
    server = TestStore.start(stored.resolve("store"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void standBetween() {
    faulty = FaultyStore.before(server.endpoint());
    log = new LogLines("org.reelway");
  }

  @AfterEach
  void clear() {
    log.close();
    faulty.close();
    for (MultipartUpload upload : unfinished()) {
      server.client().abortMultipartUpload(
          abort -> abort.bucket(TestStore.BUCKET).key(upload.key()).uploadId(upload.uploadId()));
    }
  }

  private static List<MultipartUpload> unfinished() {
    return server.client().listMultipartUploads(list -> list.bucket(TestStore.BUCKET)).uploads();
  }

  private static List<StoreFault> everywhere() {
    return List.of(
        StoreFault.refusal(429, "TooManyRequests"),
        StoreFault.refusal(500, "InternalError"),
        StoreFault.refusal(503, "SlowDown"),
        StoreFault.reset(),
        StoreFault.silence(),
        StoreFault.lostAnswer(),
        StoreFault.halfAnswer(),
        StoreFault.errorInSuccess("InternalError"),
        StoreFault.flippedByte());
  }

  static Stream<Arguments> cells() {
    List<Arguments> cells = new ArrayList<>();
    for (Operation operation : List.of(
        Operation.PUT, Operation.CREATE, Operation.PART, Operation.COMPLETE, Operation.HEAD)) {
      for (StoreFault fault : everywhere()) {
        boolean nothingToFlip = operation == Operation.CREATE && fault.toString().equals("flipped byte");
        if (!nothingToFlip) {
          cells.add(Arguments.of(operation, fault, FOR_A_MOMENT, ChecksumKind.CRC32C));
          cells.add(Arguments.of(operation, fault, FOR_LONGER, ChecksumKind.CRC32C));
        }
      }
    }
    return cells.stream();
  }

  static Stream<Arguments> otherChecksums() {
    List<Arguments> cells = new ArrayList<>();
    for (ChecksumKind kind : List.of(ChecksumKind.CRC64NVME, ChecksumKind.MD5)) {
      for (Operation operation : List.of(Operation.PUT, Operation.PART, Operation.COMPLETE, Operation.HEAD)) {
        for (StoreFault fault : List.of(StoreFault.flippedByte(), StoreFault.lostAnswer())) {
          cells.add(Arguments.of(operation, fault, FOR_A_MOMENT, kind));
        }
      }
    }
    return cells.stream();
  }

  /** Refusals that say more than "later". */
  static Stream<Arguments> refusals() {
    List<Arguments> cells = new ArrayList<>();
    for (int times : new int[] {FOR_A_MOMENT, FOR_LONGER}) {
      for (Operation operation : List.of(Operation.PUT, Operation.PART, Operation.COMPLETE)) {
        cells.add(refusal(operation, 403, "AccessDenied", times));
        cells.add(refusal(operation, 404, "NoSuchBucket", times));
        cells.add(refusal(operation, 403, "RequestTimeTooSkewed", times));
        cells.add(refusal(operation, 400, "RequestTimeout", times));
        cells.add(refusal(operation, 400, "EntityTooLarge", times));
        cells.add(refusal(operation, 413, "", times));
        cells.add(refusal(operation, 400, "BadDigest", times));
        cells.add(refusal(operation, 400, "XAmzContentChecksumMismatch", times));
      }
      for (Operation operation : List.of(Operation.PUT, Operation.COMPLETE)) {
        cells.add(refusal(operation, 409, "ConditionalRequestConflict", times));
        cells.add(refusal(operation, 409, "OperationAborted", times));
        cells.add(refusal(operation, 412, "PreconditionFailed", times));
      }
      cells.add(refusal(Operation.PART, 404, "NoSuchUpload", times));
      cells.add(refusal(Operation.COMPLETE, 404, "NoSuchUpload", times));
      cells.add(refusal(Operation.COMPLETE, 400, "InvalidPart", times));
      cells.add(refusal(Operation.COMPLETE, 400, "InvalidPartOrder", times));
    }
    return cells.stream();
  }

  private static Arguments refusal(Operation operation, int status, String code, int times) {
    return Arguments.of(operation, StoreFault.refusal(status, code), times, ChecksumKind.CRC32C);
  }

  @ParameterizedTest(name = "{0}: {1}, {2} times, {3}")
  @MethodSource({"cells", "otherChecksums", "refusals"})
  void aFaultEndsInOneVerifiedObject(Operation operation, StoreFault fault, int times, ChecksumKind kind)
      throws Exception {
    boolean single = operation == Operation.PUT || operation == Operation.HEAD;
    boolean silence = fault.toString().equals("silence");
    faulty.fail(operation, fault, times);
    String name = "cell-" + CELLS.incrementAndGet() + "/a b.mp4";

    try (FlowFixture parts = fixture(kind, operation != Operation.HEAD, silence ? SHORT_IDLE : IDLE)) {
      carry(parts, name, single ? SMALL : LARGE);
    }

    if (fault.toString().equals("lost answer") || fault.toString().equals("half answer")) {
      assertThat(faulty.played()).as("faults until it was found done").isBetween(1, times);
      assertNothingIsLeftButUploadsThatNobodyWasToldOf(operation == Operation.CREATE ? times : 0);
    } else {
      assertThat(faulty.played()).as("faults").isEqualTo(times);
      // On a busy machine the server's true answer may come too late for the short idle time as well.
      assertNothingIsLeftButUploadsThatNobodyWasToldOf(silence ? 1 : 0);
    }
  }

  /** @param checked whether a single put is its own proof; else a HEAD follows */
  private FlowFixture fixture(ChecksumKind kind, boolean checked, Duration idle) {
    StoreCapabilities does =
        new StoreCapabilities(kind, checked, false, UploadChecksums.of(kind), false, true, true, true, true, true);
    return new FlowFixture(temp, FlowFixture.connect(faulty.endpoint(), idle), does);
  }

  /** An id that was lost on its way cannot be named: such uploads are empty, and the bucket's lifecycle rule ends them. */
  private static void assertNothingIsLeftButUploadsThatNobodyWasToldOf(int most) {
    assertThat(unfinished()).hasSizeLessThanOrEqualTo(most);
    assertThat(unfinished()).allSatisfy(
        upload -> assertThat(server.parts(upload.key(), upload.uploadId())).isEmpty());
  }

  private void carry(FlowFixture parts, String name, int size) throws Exception {
    Path file = parts.recordings.random(name, size, name.hashCode());
    String id = RecordingId.of(file, FileIdentity.of(file));
    byte[] content = Recordings.bytes(file);
    Recordings.mark(file);
    MarkedRecording recording = parts.found(file);
    parts.intake.rescan();

    int tries = 0;
    while (Recordings.isMarked(file)) {
      assertThat(tries++).as("tries; the log says %s", log.all()).isLessThan(MOST_TRIES);
      tryOnce(parts, file, content);
      parts.clock.forward(FlowFixture.BACKOFF.most());
    }
    parts.aborts.work();

    assertThat(recording.marker()).doesNotExist();
    assertThat(file).doesNotExist();
    assertThat(server.bytes(name)).isEqualTo(content);
    assertThat(server.keys()).filteredOn(key -> key.startsWith(name.substring(0, name.indexOf('/') + 1)))
        .containsExactly(name);
    parts.awaitState(id, "done");
    assertThat(parts.events(id)).anyMatch(event -> event.startsWith("verified: "));
    assertRetriesAreTold(parts, id);
    assertThat(log.of("ERROR")).isEmpty();
  }

  private static void tryOnce(FlowFixture parts, Path file, byte[] content) throws Exception {
    RecordingWork work = parts.next();
    try {
      parts.flow.transfer(work, FlowFixture.target());
      assertThat(Recordings.bytes(file)).as("still there, whole").isEqualTo(content);
      parts.flow.tidy(work, Tidy.DELETE, null);
      parts.flow.ended(work, null);
    } catch (org.reelway.failure.Failure failure) {
      assertThat(Recordings.bytes(file)).as("untouched after %s", failure).isEqualTo(content);
      assertThat(failure.getMessage()).doesNotContain(TestStore.SECRET_KEY);
      parts.flow.ended(work, failure);
    }
  }

  private static void assertRetriesAreTold(FlowFixture parts, String id) {
    assertThat(parts.failuresSeen()).as("in the metrics").isPositive();
    assertThat(parts.events(id)).as("in the story").anyMatch(
        event -> event.startsWith("request repeated (destination): ")
            || event.startsWith("waiting (destination): "));
  }
}
