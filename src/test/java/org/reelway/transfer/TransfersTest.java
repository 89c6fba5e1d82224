package org.reelway.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.app.demo.EmbeddedStore;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.FolderScan;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent.Replaced;
import org.reelway.recording.MarkerContent.Resume;
import org.reelway.recording.MarkerContent.UploadState;
import org.reelway.recording.MarkerContent.Verified;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingFolder;
import org.reelway.recording.RecordingId;
import org.reelway.settings.TransferSettings.OnExisting;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.StoreCredentials;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreConnection;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredObject;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Recordings on their way into a real store, read back by the AWS SDK's client. */
class TransfersTest {
  private static final int MIB = 1 << 20;
  private static final int PART = 5 * MIB;
  private static final int THRESHOLD = 6 * MIB;
  private static final StoreCapabilities ALL = new StoreCapabilities(ChecksumKind.CRC64NVME, true, true, true);
  private static final StoreCapabilities PLAIN = new StoreCapabilities(ChecksumKind.MD5, false, false, false);
  private static final AtomicLong BUCKETS = new AtomicLong();

  @TempDir static Path stored;
  private static EmbeddedStore server;
  private static S3Store real;
  private static S3Client sdk;

  @TempDir Path temp;
  private String bucket;
  private Path root;
  private RecordingFolder folder;
  private Markers markers;
  private AlteringStore store;
  private final List<String> aborted = new ArrayList<>();
  private final Watching watching = new Watching();
  private StoreCapabilities capabilities = ALL;
  private OnExisting onExisting = OnExisting.OVERWRITE;
  private boolean stripRecorderVersion;
  private String prefix = "";
  private String template = "";
  private Transfers transfers;

  private static final class Watching implements TransferObserver {
    final AtomicLong bytes = new AtomicLong();
    final List<String> notes = new ArrayList<>();
    volatile Runnable onPart = () -> {};
    volatile TransferProgress last;

    @Override
    public void bytesSent(TransferProgress transfer, long count) {
      bytes.addAndGet(count);
    }

    @Override
    public synchronized void noted(TransferProgress transfer, String what) {
      notes.add(what);
    }

    @Override
    public void partStored(TransferProgress transfer, Part part) {
      onPart.run();
    }

    @Override
    public void ended(TransferProgress transfer) {
      last = transfer;
    }
  }

  @BeforeAll
  static void start() {
    server = EmbeddedStore.start(stored.resolve("store"), 0, "access", "secret");
    real =
        new S3Store(
            new StoreConnection(
                server.endpoint(),
                "us-east-1",
                true,
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                StoreCredentials.fixed("access", "secret"),
                null));
    sdk =
        S3Client.builder()
            .endpointOverride(server.endpoint())
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("access", "secret")))
            .httpClient(UrlConnectionHttpClient.create())
            .build();
  }

  @AfterAll
  static void stop() {
    sdk.close();
    real.close();
    server.close();
  }

  @BeforeEach
  void prepare() throws Exception {
    bucket = "bucket-" + BUCKETS.incrementAndGet();
    server.createBucket(bucket);
    root = Files.createDirectories(temp.resolve("recordings")).toRealPath();
    folder = RecordingFolder.of(root, temp.resolve("state/markers"));
    markers = new Markers(temp.resolve("state/set-aside"), Clock.systemUTC());
    store = new AlteringStore(real);
    transfers = transfers(store, 2);
  }

  @AfterEach
  void closeTransfers() {
    transfers.close();
  }

  private Transfers transfers(Store through, int partsAtOnce) {
    Abandoned abandoned =
        (in, key, uploadId, why) -> {
          aborted.add(uploadId);
          real.abortMultipart(in, key, uploadId);
        };
    Backoff fast = new Backoff(Duration.ofMillis(1), Duration.ofMillis(2));
    return new Transfers(
        through,
        markers,
        name -> capabilities,
        abandoned,
        watching,
        new Transfers.Limits(THRESHOLD, PART, partsAtOnce, 3, fast),
        RecordingAttributes.NONE,
        Clock.systemUTC(),
        new StoreDirectory());
  }

  private TransferTarget target() {
    return new TransferTarget(bucket, prefix, template, onExisting, stripRecorderVersion);
  }

  private Path recording(String name, int size) throws IOException {
    return recording(name, size, 1);
  }

  private Path recording(String name, int size, int seed) throws IOException {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  private MarkedRecording mark(Path file) {
    return markers.mark(folder, file, null);
  }

  private VerifiedObject transfer(MarkedRecording recording) {
    watching.bytes.set(0);
    return transfers.transfer(recording, target());
  }

  private void assertStored(String key, Path file) throws IOException {
    assertThat(sdk.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray())
        .isEqualTo(Files.readAllBytes(file));
  }

  private List<String> keys() {
    return sdk.listObjectsV2(list -> list.bucket(bucket)).contents().stream().map(object -> object.key()).toList();
  }

  private List<String> unfinished() {
    return real.listUnfinished(bucket, "").stream().map(upload -> upload.uploadId()).toList();
  }

  private void putOther(String key) {
    sdk.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString("another recording"));
  }

  /** A try that the store fails at this part, so that only the ones before it are stored. */
  private UploadState begun(MarkedRecording recording, int failingPart) {
    transfers.close();
    transfers = transfers(store, 1);
    store.failPart = number -> number >= failingPart ? new StoreFailure(503, "SlowDown", "busy", null) : null;
    assertThatThrownBy(() -> transfer(recording)).isInstanceOf(StoreFailure.class);
    store.failPart = number -> null;
    UploadState upload = ((Resume) markers.read(recording)).upload();
    assertThat(unfinished()).containsExactly(upload.uploadId());
    return upload;
  }

  // ---- the plain way

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100_000, THRESHOLD})
  void aFileUpToTheThresholdGoesInOneRequest(int size) throws Exception {
    Path file = recording("live/a b.mp4", size);
    prefix = "pre/fix";

    VerifiedObject object = transfer(mark(file));

    assertThat(object.key()).isEqualTo("pre/fix/live/a b.mp4");
    assertThat(object.file()).isEqualTo(FileIdentity.of(file));
    assertThat(object.evidence()).isNotBlank();
    assertStored(object.key(), file);
    assertThat(store.count("put")).isEqualTo(1);
    assertThat(store.count("create")).isZero();
    assertThat(sdk.headObject(head -> head.bucket(bucket).key(object.key())))
        .satisfies(
            head -> {
              assertThat(head.contentType()).isEqualTo("video/mp4");
              assertThat(head.metadata()).containsEntry("reelway-id", watching.last.id());
            });
  }

  @ParameterizedTest
  @EnumSource(ChecksumKind.class)
  void aLargerFileGoesInParts(ChecksumKind kind) throws Exception {
    capabilities = new StoreCapabilities(kind, true, true, true);
    Path file = recording("a.mp4", 12 * MIB + 17);

    VerifiedObject object = transfer(mark(file));

    assertStored("a.mp4", file);
    assertThat(store.count("part")).isEqualTo(3);
    assertThat(watching.bytes).hasValue(Files.size(file));
    assertThat(unfinished()).isEmpty();
    assertThat(markers.read(mark(file))).isInstanceOf(Verified.class);
    assertThat(object.address()).isEqualTo(server.endpoint() + "/" + bucket + "/a.mp4");
  }

  @Test
  void oneByteOverTheThresholdIsInParts() throws Exception {
    transfer(mark(recording("a.mp4", THRESHOLD + 1)));
    assertThat(store.count("part")).isEqualTo(2);
  }

  // ---- resuming

  @ParameterizedTest
  @EnumSource(value = ChecksumKind.class, names = {"CRC64NVME", "CRC32C", "MD5", "NONE"})
  void afterAnAbortedTryOnlyTheMissingPartsAreSent(ChecksumKind kind) throws Exception {
    capabilities = new StoreCapabilities(kind, true, true, true);
    Path file = recording("a.mp4", 22 * MIB);
    MarkedRecording marked = mark(file);
    begun(marked, 4);

    // The marker alone leads on: as after a restart.
    MarkedRecording found = new FolderScan(folder, Set.of()).look().marked().get(0);
    transfer(found);

    assertThat(watching.bytes).hasValue(7L * MIB);
    assertThat(watching.last.partsResumed()).isEqualTo(3);
    assertThat(store.count("create")).isEqualTo(1);
    assertStored("a.mp4", file);
    assertThat(unfinished()).isEmpty();
  }

  private MarkedRecording wowza(Path file, int partsStored, byte[] firstPart) throws IOException {
    String key = folder.relative(file);
    String id = sdk.createMultipartUpload(create -> create.bucket(bucket).key(key)).uploadId();
    byte[] bytes = Files.readAllBytes(file);
    for (int number = 1; number <= partsStored; number++) {
      int from = (number - 1) * PART;
      byte[] part =
          number == 1 && firstPart != null ? firstPart : java.util.Arrays.copyOfRange(bytes, from, from + PART);
      int partNumber = number;
      sdk.uploadPart(
          upload -> upload.bucket(bucket).key(key).uploadId(id).partNumber(partNumber), RequestBody.fromBytes(part));
    }
    Path marker = root.resolve(key + ".upload");
    Files.writeString(
        marker,
        "{\"pauseType\":\"upload\",\"bucketName\":\"" + bucket + "\",\"key\":\"" + key + "\",\"file\":\"" + file
            + "\",\"multipartUploadId\":\"" + id + "\",\"partSize\":" + PART
            + ",\"mutlipartUploadThreshold\":16777216}");
    return new FolderScan(folder, Set.of()).look().marked().get(0);
  }

  @Test
  void anUploadOfTheWowzaModuleGoesOnWhereItWas() throws Exception {
    Path file = recording("a.mp4", 17 * MIB);

    transfer(wowza(file, 2, null));

    assertThat(watching.bytes).hasValue(7L * MIB);
    assertThat(store.count("create")).isZero();
    assertStored("a.mp4", file);
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void aStoredPartThatDiffersFromTheFileIsSentAgain() throws Exception {
    Path file = recording("a.mp4", 17 * MIB);

    transfer(wowza(file, 2, new byte[PART]));

    assertThat(watching.bytes).hasValue(12L * MIB);
    assertStored("a.mp4", file);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aDifferingPartOfOurOwnUploadNeverReachesAnObject(int failingPart) throws Exception {
    Path file = recording("a.mp4", 17 * MIB);
    MarkedRecording marked = mark(file);
    UploadState upload = begun(marked, failingPart);
    sdk.uploadPart(
        part -> part.bucket(bucket).key("a.mp4").uploadId(upload.uploadId()).partNumber(1),
        RequestBody.fromBytes(new byte[PART]));

    transfer(marked);

    assertStored("a.mp4", file);
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void aReplacedFileStartsAnewAndOurOldUploadIsAborted() throws Exception {
    Path file = recording("a.mp4", 17 * MIB);
    MarkedRecording marked = mark(file);
    UploadState old = begun(marked, 3);
    Path next = recording("next.tmp", 17 * MIB, 2);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);

    transfer(marked);

    assertThat(aborted).containsExactly(old.uploadId());
    assertThat(watching.bytes).hasValue(17L * MIB);
    assertStored("a.mp4", file);
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void aChangedKeyStartsAnewAndOurOldUploadIsAborted() throws Exception {
    Path file = recording("a.mp4", 12 * MIB);
    MarkedRecording marked = mark(file);
    UploadState old = begun(marked, 2);
    prefix = "elsewhere";

    transfer(marked);

    assertThat(aborted).containsExactly(old.uploadId());
    assertThat(keys()).containsExactly("elsewhere/a.mp4");
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void anUploadIdThatTheStoreDoesNotKnowIsGivenUp() throws Exception {
    Path file = recording("a.mp4", 12 * MIB);
    MarkedRecording marked = mark(file);
    UploadState gone = begun(marked, 3);
    real.abortMultipart(bucket, "a.mp4", gone.uploadId());

    transfer(marked);

    assertStored("a.mp4", file);
    assertThat(store.count("create")).isEqualTo(2);
  }

  @Test
  void aMarkerThatCannotBeUsedIsKeptAndTheRecordingSent() throws Exception {
    Path file = recording("a.mp4", 1000);
    Files.writeString(root.resolve("a.mp4.upload"), "{\"pauseType\":\"upl");

    transfer(new FolderScan(folder, Set.of()).look().marked().get(0));

    assertStored("a.mp4", file);
    assertThat(temp.resolve("state/set-aside").toFile().list()).hasSize(1);
    assertThat(watching.notes).anySatisfy(note -> assertThat(note).contains("torn", "sent from its start"));
  }

  @Test
  void uploadsOfOthersAreNeverTouched() throws Exception {
    String other = sdk.createMultipartUpload(create -> create.bucket(bucket).key("a.mp4")).uploadId();
    String another = sdk.createMultipartUpload(create -> create.bucket(bucket).key("b.mp4")).uploadId();
    MarkedRecording marked = mark(recording("a.mp4", 12 * MIB));
    begunBeside(marked);

    transfer(marked);

    assertThat(unfinished()).containsExactlyInAnyOrder(other, another);
    assertThat(aborted).isEmpty();
  }

  private void begunBeside(MarkedRecording marked) {
    store.failPart = number -> new StoreFailure(403, "AccessDenied", "no", null);
    assertThatThrownBy(() -> transfer(marked)).isInstanceOf(StoreFailure.class);
    store.failPart = number -> null;
  }

  @Test
  void aWowzaUploadOfAnotherFileIsLeftAlone() throws Exception {
    Path file = recording("a.mp4", 12 * MIB);
    MarkedRecording marked = wowza(file, 1, null);
    prefix = "elsewhere";

    transfer(marked);

    assertThat(aborted).isEmpty();
    assertThat(unfinished()).hasSize(1);
    assertStored("elsewhere/a.mp4", file);
  }

  // ---- files that change

  @Test
  void aFileThatGrowsDuringItsTransferIsNotCompleted() throws Exception {
    Path file = recording("a.mp4", 17 * MIB);
    MarkedRecording marked = mark(file);
    watching.onPart = () -> append(file);

    assertThatThrownBy(() -> transfer(marked))
        .isInstanceOf(RecordingChanged.class)
        .hasMessageContaining("changed during its transfer");

    assertThat(keys()).isEmpty();
    assertThat(unfinished()).isEmpty();
    assertThat(markers.read(marked)).as("nobody knows that it is finished").isEqualTo(new Replaced(null));
    watching.onPart = () -> {};
    transfer(marked);
    assertStored("a.mp4", file);
  }

  private static void append(Path file) {
    try {
      Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5 * MIB, 17 * MIB})
  void aFileThatIsCutDuringItsTransferIsToldAsChanged(int size) throws Exception {
    Path file = recording("a.mp4", size);
    store.altered =
        body -> {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(100);
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
          return body;
        };

    assertThatThrownBy(() -> transfer(mark(file))).isInstanceOf(RecordingChanged.class);

    // The server lists its own temporary file until it has noticed that the body ended early.
    Awaitility.await().untilAsserted(() -> assertThat(keys()).isEmpty());
  }

  @Test
  void aFileThatVanishesDuringItsTransferIsNotCompleted() throws Exception {
    Path file = recording("a.mp4", 12 * MIB);
    MarkedRecording marked = mark(file);
    watching.onPart = () -> file.toFile().delete();

    assertThatThrownBy(() -> transfer(marked)).isInstanceOf(RecordingChanged.class);

    assertThat(keys()).isEmpty();
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void aMissingFileIsItsOwnFaultButAMissingFolderIsNot() throws Exception {
    MarkedRecording marked = mark(recording("a.mp4", 10));
    Files.delete(marked.file());
    assertThatThrownBy(() -> transfer(marked)).isInstanceOf(InputFailure.class).hasMessageContaining("is not there");

    Files.move(root, temp.resolve("away"));

    assertThatThrownBy(() -> transfer(marked)).isInstanceOf(OurFailure.class).hasMessageContaining("mount it again");
  }

  // ---- keys that are taken

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anotherObjectIsReplacedUnderOverwrite(boolean conditions) throws Exception {
    capabilities = conditions ? ALL : PLAIN;
    putOther("small.mp4");
    putOther("large.mp4");

    transfer(mark(recording("small.mp4", 1000)));
    transfer(mark(recording("large.mp4", 12 * MIB)));

    assertStored("small.mp4", root.resolve("small.mp4"));
    assertStored("large.mp4", root.resolve("large.mp4"));
    assertThat(keys()).hasSize(2);
  }

  @Test
  void anotherObjectIsLeftAloneUnderVersion() throws Exception {
    onExisting = OnExisting.VERSION;
    putOther("small.mp4");
    putOther("large.mp4");
    putOther("large_0.mp4");

    transfer(mark(recording("small.mp4", 1000)));
    transfer(mark(recording("large.mp4", 12 * MIB)));

    assertThat(keys())
        .containsExactlyInAnyOrder("small.mp4", "small_0.mp4", "large.mp4", "large_0.mp4", "large_1.mp4");
    assertStored("small_0.mp4", root.resolve("small.mp4"));
    assertStored("large_1.mp4", root.resolve("large.mp4"));
    assertThat(sdk.getObjectAsBytes(get -> get.bucket(bucket).key("small.mp4")).asUtf8String())
        .isEqualTo("another recording");
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 12 * MIB})
  void underVersionAStoreWithoutConditionsGetsNamesThatNobodyElseWritesTo(int size) throws Exception {
    capabilities = PLAIN;
    onExisting = OnExisting.VERSION;
    Path file = recording("studio/cam.1.mp4", size);

    VerifiedObject object = transfer(mark(file));

    String id = RecordingId.of(file, FileIdentity.of(file));
    assertThat(object.key()).isEqualTo("studio/cam.1_" + id + ".mp4");
    assertStored(object.key(), file);
    assertThat(keys()).containsExactly(object.key());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theNumberOfARecorderIsDroppedOnlyWhenThatIsWantedUnderVersion(boolean strip) throws Exception {
    onExisting = OnExisting.VERSION;
    stripRecorderVersion = strip;
    putOther("studio/cam.mp4");

    String key = transfer(mark(recording("studio/cam_7.mp4", 1000))).key();

    assertThat(key).isEqualTo(strip ? "studio/cam_0.mp4" : "studio/cam_7.mp4");
    onExisting = OnExisting.OVERWRITE;
    assertThat(transfer(mark(recording("studio/cam_8.mp4", 1000))).key()).isEqualTo("studio/cam_8.mp4");
  }

  @ParameterizedTest
  @CsvSource({"cam.mp4,cam.mp4", "cam_3.mp4,cam.mp4", "a_1/cam_12.mp4,a_1/cam.mp4", "_1.mp4,_1.mp4",
      "a/_1.mp4,a/_1.mp4", "cam_3,cam_3", "cam_3.tar gz,cam_3.tar gz", "cam_3_4.mp4,cam_3.mp4", "cam_x.mp4,cam_x.mp4"})
  void aRecordersNumberIsOneAtTheEndOfTheWholeName(String key, String stripped) {
    assertThat(VersionNames.of(key, "id", true).plain()).isEqualTo(stripped);
  }

  @ParameterizedTest
  @EnumSource(OnExisting.class)
  void theSameFileMarkedAgainIsNotSentAgain(OnExisting choice) throws Exception {
    onExisting = choice;
    for (int size : new int[] {1000, 12 * MIB}) {
      Path file = recording(size + ".mp4", size);
      MarkedRecording marked = mark(file);
      transfer(marked);
      markers.remove(marked);

      transfer(mark(file));
      assertThat(watching.bytes.get()).as("%d bytes", size).isLessThanOrEqualTo(size < THRESHOLD ? size : 0);
    }
    assertThat(keys()).hasSize(2);
  }

  @Test
  void anOwnObjectThatCannotBeComparedGetsNoSecondCopy() throws Exception {
    onExisting = OnExisting.VERSION;
    capabilities = PLAIN;
    Path file = recording("a.mp4", 12 * MIB);
    MarkedRecording marked = mark(file);
    transfer(marked);
    markers.remove(marked);
    store.headAnswer =
        found -> {
          store.headAnswer = again -> again;
          return opaque(found);
        };

    transfer(mark(file));

    assertThat(keys()).containsExactly("a_" + RecordingId.of(file, FileIdentity.of(file)) + ".mp4");
  }

  /** As an object under a KMS key is shown: its ETag is no digest. */
  private static StoredObject opaque(StoredObject found) {
    String reversed = new StringBuilder(found.etag()).reverse().toString();
    return new StoredObject(found.size(), "x" + reversed, found.versionId(), java.util.Map.of(), found.metadata());
  }

  @Test
  void underVersionAResumedUploadNeverReplacesWhatAppearedMeanwhile() throws Exception {
    onExisting = OnExisting.VERSION;
    MarkedRecording marked = mark(recording("a.mp4", 12 * MIB));
    UploadState old = begun(marked, 2);
    putOther("a.mp4");

    assertThat(transfer(marked).key()).isEqualTo("a_0.mp4");

    assertThat(aborted).containsExactly(old.uploadId());
    assertThat(sdk.getObjectAsBytes(get -> get.bucket(bucket).key("a.mp4")).asUtf8String())
        .isEqualTo("another recording");
  }

  @Test
  void aKeyThatCannotBeMadeIsNotTheRecordingsFault() throws Exception {
    prefix = "x".repeat(1000);
    MarkedRecording marked = mark(recording("a.mp4", 10));
    assertThatThrownBy(() -> transfer(marked)).isInstanceOf(OurFailure.class).hasMessageContaining("the prefix");
  }

  // ---- two writers and lost answers

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLostAnswerOfAPutMakesNoSecondObject(boolean conditions) throws Exception {
    capabilities = conditions ? ALL : PLAIN;
    onExisting = OnExisting.VERSION;
    Path file = recording("a.mp4", 1000);
    store.lostPuts = 1;

    VerifiedObject object = transfer(mark(file));

    assertThat(keys()).containsExactly(object.key());
    assertStored(object.key(), file);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aLostAnswerOfACompletionIsFoundComplete(int times) throws Exception {
    onExisting = OnExisting.VERSION;
    Path file = recording("a.mp4", 12 * MIB);
    store.lostCompletes = times;

    transfer(mark(file));

    assertThat(keys()).containsExactly("a.mp4");
    assertStored("a.mp4", file);
    assertThat(store.count("create")).isEqualTo(1);
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void anotherSidecarThatWasFasterLeavesOneObjectAndNoUpload() throws Exception {
    Path file = recording("a.mp4", 12 * MIB);
    MarkedRecording marked = mark(file);
    store.beforeComplete =
        () -> {
          store.beforeComplete = () -> {};
          sdk.putObject(put -> put.bucket(bucket).key("a.mp4"), RequestBody.fromFile(file));
        };
    // The store then finds the condition false, and the object is equal.
    transfer(marked);

    assertThat(keys()).containsExactly("a.mp4");
    assertStored("a.mp4", file);
    assertThat(unfinished()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(OnExisting.class)
  void anotherObjectThatAppearsBeforeTheCompletionIsHandledAsIfItHadBeenThere(OnExisting choice) throws Exception {
    onExisting = choice;
    Path file = recording("a.mp4", 12 * MIB);
    MarkedRecording marked = mark(file);
    store.beforeComplete =
        () -> {
          store.beforeComplete = () -> {};
          putOther("a.mp4");
        };

    VerifiedObject object = transfer(marked);

    assertThat(object.key()).isEqualTo(choice == OnExisting.VERSION ? "a_0.mp4" : "a.mp4");
    assertStored(object.key(), file);
    assertThat(unfinished()).isEmpty();
  }

  // ---- verification

  @ParameterizedTest
  @ValueSource(ints = {1000, 12 * MIB})
  void bytesThatWereAlteredOnTheirWayAreNeverVerified(int size) throws Exception {
    for (ChecksumKind kind : List.of(ChecksumKind.CRC64NVME, ChecksumKind.MD5)) {
      capabilities = new StoreCapabilities(kind, true, true, true);
      Path file = recording(kind + ".mp4", size);
      MarkedRecording marked = mark(file);
      store.altered = body -> new Body.Bytes(new byte[(int) body.length()]);

      assertThatThrownBy(() -> transfer(marked)).isInstanceOf(DestinationFailure.class);

      store.altered = body -> body;
      transfer(marked);
      assertStored(kind + ".mp4", file);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 12 * MIB})
  void anObjectThatTheStoreShowsDifferentlyIsNeverVerified(int size) throws Exception {
    capabilities =
        new StoreCapabilities(
            ChecksumKind.CRC64NVME, false, false, UploadChecksums.of(ChecksumKind.CRC64NVME), false, true, true, true, true, true);
    Path file = recording("a.mp4", size);
    MarkedRecording marked = mark(file);
    store.headAnswer =
        found -> new StoredObject(found.size() - 1, found.etag(), null, found.checksums(), found.metadata());
    assertThatThrownBy(() -> transfer(marked))
        .isInstanceOf(DestinationFailure.class)
        .hasMessageContaining("bytes, the file " + size);
    store.headAnswer =
        found ->
            new StoredObject(
                found.size(), found.etag(), null, java.util.Map.of(ChecksumKind.CRC64NVME, "AAAAAAAAAAA="), found.metadata());
    assertThatThrownBy(() -> transfer(marked))
        .isInstanceOf(DestinationFailure.class)
        .hasMessageContaining("its crc64nvme is AAAAAAAAAAA=");

    store.headAnswer = found -> found;
    transfer(marked);

    assertStored("a.mp4", file);
    assertThat(keys()).containsExactly("a.mp4");
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 12 * MIB})
  void whatIsAlteredOnItsWayToAStoreThatChecksNothingIsSeenByItsMd5(int size) throws Exception {
    capabilities =
        new StoreCapabilities(
            ChecksumKind.NONE, false, true, UploadChecksums.of(ChecksumKind.NONE), false, false, false, false, false, true);
    Path file = recording("a.mp4", size);
    MarkedRecording marked = mark(file);
    store.altered = body -> new Body.Bytes(new byte[(int) body.length()]);
    assertThatThrownBy(() -> transfer(marked)).isInstanceOf(OtherEtag.class).hasMessageContaining("MD5");
    assertThat(file).exists();

    store.altered = body -> body;
    transfer(marked);

    assertStored("a.mp4", file);
  }

  @Test
  void aSmallRecordingWhoseChecksumTheStoreRefusesWhenWrongIsVerifiedByItsPutAlone() throws Exception {
    Path file = recording("a.mp4", 1000);
    store.headAnswer =
        found -> {
          throw new AssertionError("the store was asked for " + found);
        };

    assertThat(transfer(mark(file)).evidence()).startsWith("crc64nvme:");

    assertStored("a.mp4", file);
  }

  @Test
  void aVerifiedMarkerWhoseFileIsGoneNeedsOnlyTheObject() throws Exception {
    Path file = recording("a.mp4", 12 * MIB);
    MarkedRecording marked = mark(file);
    transfer(marked);
    FileIdentity identity = FileIdentity.of(file);
    Files.delete(file);

    assertThat(transfer(marked).file()).isEqualTo(identity);

    real.delete(bucket, "a.mp4");
    assertThatThrownBy(() -> transfer(marked)).isInstanceOf(InputFailure.class);
  }

  @Test
  void aVerifiedMarkerWhoseObjectIsGoneSendsTheFileAgain() throws Exception {
    Path file = recording("a.mp4", 12 * MIB);
    MarkedRecording marked = mark(file);
    transfer(marked);
    assertThat(transfer(marked).key()).isEqualTo("a.mp4");
    assertThat(watching.bytes).as("believed without sending").hasValue(0);
    real.delete(bucket, "a.mp4");

    transfer(marked);

    assertThat(watching.bytes).hasValue(12L * MIB);
    assertStored("a.mp4", file);
  }

  @Test
  void aVerifiedMarkerOfAnEarlierFileDoesNotSpeakForTheNewOne() throws Exception {
    Path file = recording("a.mp4", 12 * MIB);
    MarkedRecording marked = mark(file);
    transfer(marked);
    Files.setLastModifiedTime(recording("a.mp4", 12 * MIB, 2), FileTime.from(Instant.EPOCH));

    transfer(marked);

    assertStored("a.mp4", file);
  }

  // ---- stopping

  @Test
  void anInterruptedTransferStopsAndGoesOnLater() throws Exception {
    Path file = recording("a.mp4", 17 * MIB);
    MarkedRecording marked = mark(file);
    Thread worker = Thread.currentThread();
    watching.onPart = worker::interrupt;
    assertThatThrownBy(() -> transfer(marked)).isInstanceOf(TransferStopped.class);
    assertThat(Thread.interrupted()).as("the thread keeps its flag").isTrue();
    assertThat(markers.read(marked)).isInstanceOf(Resume.class);

    watching.onPart = () -> {};
    transfers.close();
    transfers = transfers(store, 2);
    transfer(marked);

    assertThat(watching.last.partsResumed()).isPositive();
    assertStored("a.mp4", file);
    assertThat(aborted).isEmpty();
  }

  @Test
  void drainingFinishesThePartsUnderWayAndBeginsNoOther() throws Exception {
    Path file = recording("a.mp4", 32 * MIB);
    MarkedRecording marked = mark(file);
    // Both threads are in a part when the stop comes.
    java.util.concurrent.CyclicBarrier bothUnderWay = new java.util.concurrent.CyclicBarrier(2, transfers::drain);
    store.failPart =
        number -> {
          try {
            bothUnderWay.await(20, TimeUnit.SECONDS);
            return null;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        };

    assertThatThrownBy(() -> transfer(marked)).isInstanceOf(TransferStopped.class);

    assertThat(store.count("part")).isEqualTo(2);
    assertThat(watching.bytes).as("of both, to their end").hasValue(10L * MIB);
    assertThat(aborted).isEmpty();
    store.failPart = number -> null;
    transfers.close();
    transfers = transfers(store, 2);
    transfer(marked);
    assertThat(watching.last.partsResumed()).isEqualTo(2);
    assertThat(watching.bytes).as("nothing twice").hasValue(22L * MIB);
    assertStored("a.mp4", file);
  }

  @Test
  void closingEndsAlsoTransfersWhosePartsWaitInLine() throws Exception {
    CountDownLatch underWay = new CountDownLatch(1);
    CountDownLatch hold = new CountDownLatch(1);
    watching.onPart =
        () -> {
          underWay.countDown();
          try {
            hold.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    List<Thread> workers = new ArrayList<>();
    AtomicReference<Throwable> other = new AtomicReference<>();
    for (String name : List.of("a.mp4", "b.mp4", "c.mp4")) {
      MarkedRecording marked = mark(recording(name, 17 * MIB));
      Thread worker =
          new Thread(
              () -> {
                try {
                  transfers.transfer(marked, target());
                } catch (TransferStopped expected) {
                  // As it should be.
                } catch (RuntimeException e) {
                  other.set(e);
                }
              });
      worker.setDaemon(true);
      worker.start();
      workers.add(worker);
    }
    assertThat(underWay.await(20, TimeUnit.SECONDS)).isTrue();

    transfers.close();

    for (Thread worker : workers) {
      worker.join(TimeUnit.SECONDS.toMillis(20));
      assertThat(worker.isAlive()).isFalse();
    }
    assertThat(other).hasValue(null);
  }
}
